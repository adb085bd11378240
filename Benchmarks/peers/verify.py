"""Runs every peer on the same float64 problem and compares losses, deviations and spectra.
usage: verify.py n m r b steps [--tolerance 1e-9] [--threads 1] [--peers numpy,torch,jax] [--extra 'name=command']
An extra command is given the same arguments as a peer. Exit status 1 on disagreement, or when one fails."""
import argparse, json, os, shlex, subprocess, sys, tempfile
p = argparse.ArgumentParser()
for name in ("n", "m", "r", "b", "steps"): p.add_argument(name, type=int)
p.add_argument("--tolerance", type=float, default=1e-9)
p.add_argument("--threads", type=int, default=1)
p.add_argument("--peers", default="numpy,torch,jax")
p.add_argument("--extra", action="append", default=[])
a = p.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
ALL = {"numpy": [("numpy", ["numpy_peer.py"]), ("numpy-lowrank", ["numpy_peer.py", "--spectra", "lowrank"])],
       "torch": [("torch", ["torch_peer.py"]), ("torch-lowrank", ["torch_peer.py", "--spectra", "lowrank"]),
                 ("torch-compile", ["torch_peer.py", "--mode", "compile"])],
       "jax": [("jax-scan", ["jax_peer.py"]), ("jax-step", ["jax_peer.py", "--mode", "step", "--spectra", "lowrank"])]}
# NumPy is the one all others are compared with.
runs = [(name, [sys.executable, os.path.join(here, f)], rest)
        for peer in ["numpy", *[x for x in a.peers.split(",") if x not in ("", "numpy")]]
        for name, (f, *rest) in ALL[peer]]
for extra in a.extra:
    name, command = extra.split("=", 1)
    runs += [(name, shlex.split(command), []), (name + "-lowrank", shlex.split(command), ["--spectra", "lowrank"])]
out = {}; bad = False
for name, command, rest in runs:
    f = tempfile.mktemp()
    q = subprocess.run([*command, *map(str, (a.n, a.m, a.r, a.b, a.steps)), "all", str(a.threads),
                        "--warmup", "0", "--repeat", "1", "--dump", f, *rest],
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if q.returncode: print(name, "failed:", q.stderr[-800:]); bad = True; continue
    out[name] = json.load(open(f)); os.unlink(f)
base = out["numpy"]
for name, o in out.items():
    if name == "numpy": continue
    for kind in ("loss", "dev", "spectra"):
        worst, where = 0.0, ""
        for v, xs in base[kind].items():
            if len(xs) != len(o[kind][v]): worst, where = float("inf"), f"{v}: {len(o[kind][v])} records, not {len(xs)}"
            for t, (x, y) in enumerate(zip(xs, o[kind][v])):
                if kind == "spectra":
                    # Of factors there are no more values than their rank; what is missing is to be 0.
                    zeros = [0.0] * max(len(x), len(y))
                    x, y = x + zeros[len(x):], y + zeros[len(y):]
                    differences = [abs(i - j) for i, j in zip(x, y)]
                    # max passes over what is no number.
                    e = max(differences) / max(x[0], 1e-300) if sum(differences) < float("inf") else float("inf")
                else:
                    e = abs(x - y) / max(abs(x), 1e-300) if x else abs(y)
                # A number that is none is as wrong as can be.
                if e != e: e = float("inf")
                if e > worst: worst, where = e, f"{v} record {t}"
        ok = worst <= a.tolerance
        bad |= not ok
        print(f"{name:14s} {kind:8s} worst relative difference {worst:.2e} {where} {'ok' if ok else 'ABOVE ' + str(a.tolerance)}")
sys.exit(bad)
