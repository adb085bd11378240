"""Reads bench.py's lines and prints this program's steps a second beside each peer's, as ratios.
usage: bench.py ... | table.py NAME"""
import json, sys
name = sys.argv[1]
rows, has_failed = [], False
for line in sys.stdin:
    row = json.loads(line)
    if "failed" in row:
        print(f"{row['failed']} failed: {row['err']}", file=sys.stderr)
        has_failed = True
        continue
    rows.append(row)
peers = sorted({p for row in rows for p in row["steps_per_s"] if p != name})
print("| size | spectra | threads | " + name + " steps/s | " + " | ".join("/ " + p for p in peers) + " | / best |")
print("|---" * (5 + len(peers)) + "|")
for row in rows:
    speed = row["steps_per_s"]; mine = speed.get(name)
    others = [speed[p] for p in peers if p in speed]
    if not mine or not others: continue
    cells = [f"{mine / speed[p]:.2f}" if p in speed else "–" for p in peers]
    print(f"| {row['size']} | {'every 10' if row['config'] == 'spec' else 'none'} | {row['threads']} | {mine:.4g} | "
          + " | ".join(cells) + f" | {mine / max(others):.2f} |")
if not rows: sys.exit("no numbers to compare")
sys.exit(has_failed)
