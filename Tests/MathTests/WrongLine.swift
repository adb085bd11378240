import Testing

import Math

/// A line that is wrong, and what is wrong with it.
struct WrongLine: Sendable, CustomTestStringConvertible {
  var line: String
  var error: ScenarioError
  var testDescription: String { line }

  static let keys = Field.all.map(\.key)
  static let ids = ["full"] + Variant.all.map(\.id)
  static func knobs(_ id: String) -> [String] { Variant.named(id)?.knobs.map(\.name) ?? [] }

  static let all: [WrongLine] = [
    WrongLine(line: "lr", error: .notAWord("lr")),
    WrongLine(line: "r=2 =3", error: .notAWord("=3")),
    WrongLine(line: "rank=2", error: .unknownKey("rank", known: keys)),
    WrongLine(line: "R=2", error: .unknownKey("R", known: keys)),
    WrongLine(line: "r=2 lr=0.1 r=2", error: .repeatedKey("r")),
    WrongLine(
      line: "task=vision",
      error: .invalid(key: "task", value: "vision", allowed: "matrix|linreg|digits|twolayer")),
    WrongLine(line: "r=0", error: .invalid(key: "r", value: "0", allowed: "a whole number from 1 to 48")),
    WrongLine(
      line: "n=5 m=4 r=5", error: .invalid(key: "r", value: "5", allowed: "a whole number from 1 to 4")),
    WrongLine(
      line: "task=digits r=99", error: .invalid(key: "r", value: "99", allowed: "a whole number from 1 to 10")
    ),
    WrongLine(
      line: "task=digits n=32", error: .invalid(key: "n", value: "32", allowed: "64, which task=digits fixes")
    ),
    WrongLine(line: "lr=-1", error: .invalid(key: "lr", value: "-1", allowed: "a number from 0 to 1000000")),
    WrongLine(
      line: "lr=nan", error: .invalid(key: "lr", value: "nan", allowed: "a number from 0 to 1000000")),
    WrongLine(
      line: "lr=inf", error: .invalid(key: "lr", value: "inf", allowed: "a number from 0 to 1000000")),
    WrongLine(line: "lr=", error: .invalid(key: "lr", value: "", allowed: "a number from 0 to 1000000")),
    WrongLine(
      line: "steps=abc",
      error: .invalid(key: "steps", value: "abc", allowed: "a whole number from 0 to 1000000000")),
    WrongLine(
      line: "n=0", error: .invalid(key: "n", value: "0", allowed: "a whole number from 1 to 1000000000")),
    WrongLine(
      line: "n=99999999999999999999",
      error: .invalid(key: "n", value: "99999999999999999999", allowed: "a whole number from 1 to 1000000000")
    ),
    WrongLine(
      line: "n=4 m=4 r=1 k=5",
      error: .invalid(key: "k", value: "5", allowed: "all, or a whole number from 1 to 4")),
    WrongLine(
      line: "task=linreg samples=30 batch=31",
      error: .invalid(key: "batch", value: "31", allowed: "all, or a whole number from 1 to 30")),
    WrongLine(
      line: "target=geometric:2",
      error: .invalid(
        key: "target", value: "geometric:2",
        allowed: "flat|geometric:D (0 < D ≤ 1)|power:P (0 ≤ P ≤ 100)|cond:K (1 ≤ K ≤ 1e15)|gains")),
    WrongLine(
      line: "w0=gains",
      error: .invalid(
        key: "w0", value: "gains",
        allowed: "normal|flat|geometric:D (0 < D ≤ 1)|power:P (0 ≤ P ≤ 100)|cond:K (1 ≤ K ≤ 1e15)")),
    WrongLine(
      line: "target=gains norm=2",
      error: .notApplicable(key: "norm", reason: "it belongs to a target that is not gains")),
    WrongLine(
      line: "target=gains k=2",
      error: .notApplicable(key: "k", reason: "it belongs to a target that is not gains")),
    WrongLine(
      line: "top=2", error: .notApplicable(key: "top", reason: "it belongs to a w0 that is not normal")),
    WrongLine(
      line: "opt=sgd mu=0.9",
      error: .notApplicable(key: "mu", reason: "it belongs to opt=momentum|muon, and opt is sgd")),
    WrongLine(
      line: "beta1=0.9",
      error: .notApplicable(key: "beta1", reason: "it belongs to opt=adam|adamw|galore-adamw, and opt is sgd")
    ),
    WrongLine(
      line: "samples=10",
      error: .notApplicable(key: "samples", reason: "it belongs to task=linreg|twolayer, and task is matrix")),
    WrongLine(
      line: "batch=10",
      error: .notApplicable(
        key: "batch", reason: "it belongs to task=linreg|twolayer|digits, and task is matrix")),
    WrongLine(
      line: "task=digits norm=1",
      error: .notApplicable(
        key: "norm", reason: "it belongs to task=matrix|linreg|twolayer, and task is digits")),
    WrongLine(line: "variants=lora,dora2", error: .unknownVariant("dora2", known: ids)),
    WrongLine(line: "variants=lora,", error: .unknownVariant("", known: ids)),
    WrongLine(
      line: "variants=lora-ga(size=1)",
      error: .unknownKnob(variant: "lora-ga", knob: "size", known: knobs("lora-ga"))),
    WrongLine(
      line: "variants=lora(r=1)", error: .unknownKnob(variant: "lora", knob: "r", known: knobs("lora"))),
    WrongLine(line: "variants=oracle(r=1)", error: .unknownKnob(variant: "oracle", knob: "r", known: [])),
    WrongLine(
      line: "hidden=9",
      error: .notApplicable(key: "hidden", reason: "it belongs to task=twolayer, and task is matrix")),
    WrongLine(
      line: "task=linreg phi=relu",
      error: .notApplicable(key: "phi", reason: "it belongs to task=twolayer, and task is linreg")),
    WrongLine(
      line: "task=twolayer phi=sigmoid",
      error: .invalid(key: "phi", value: "sigmoid", allowed: "id|tanh|relu")),
    WrongLine(
      line: "task=twolayer loss=hinge", error: .invalid(key: "loss", value: "hinge", allowed: "mse|ce")),
    WrongLine(
      line: "gradient=lean", error: .invalid(key: "gradient", value: "lean", allowed: "factored|dense")),
    WrongLine(
      line: "held=3",
      error: .notApplicable(
        key: "held", reason: "it belongs to task=linreg|twolayer|digits, and task is matrix")),
    WrongLine(
      line: "task=digits held=1797",
      error: .invalid(key: "held", value: "1797", allowed: "a whole number from 0 to 1796")),
    WrongLine(
      line: "task=digits held=1700 batch=98",
      error: .invalid(key: "batch", value: "98", allowed: "all, or a whole number from 1 to 97")),
    WrongLine(
      line: "task=twolayer n=9 hidden=3 m=9 r=4",
      error: .invalid(key: "r", value: "4", allowed: "a whole number from 1 to 3")),
    WrongLine(
      line: "opt=signsgd wd=0.1",
      error: .notApplicable(
        key: "wd", reason: "it belongs to opt=sgd|momentum|adam|adamw|muon|galore-adamw, and opt is signsgd")),
    WrongLine(
      line: "variants=lora+frozen",
      error: .invalid(
        key: "variants", value: "lora+frozen", allowed: "one system, as task=matrix has one layer")),
    WrongLine(
      line: "task=twolayer variants=lora+lora+dora",
      error: .invalid(
        key: "variants", value: "lora+lora+dora",
        allowed: "one system for all layers, or one for each of 2")),
    WrongLine(
      line: "task=twolayer variants=lora+floor",
      error: .invalid(key: "variants", value: "lora+floor", allowed: "floor for all layers or none")),
    WrongLine(line: "task=twolayer variants=lora+", error: .unknownVariant("", known: ids)),
    WrongLine(
      line: "variants=lora-ga(gamma=0)",
      error: .invalid(key: "lora-ga(gamma)", value: "0", allowed: "1e-06 to 1000000")),
    WrongLine(
      line: "variants=lora-ga(scale=big)",
      error: .invalid(key: "lora-ga(scale)", value: "big", allowed: "stable|gd|unit|weightS|zeta")),
    WrongLine(
      line: "variants=lora-ga(scale=gd",
      error: .invalid(key: "variants", value: "lora-ga(scale=gd", allowed: "lora-ga(setting=value,…)")),
    WrongLine(
      line:
        "variants=lora,lora-ga,lora-ga(scale=gd),lora-ga(scale=unit),lora-pro,lora-pro(c=zero),lora-pro(c=symmetric)",
      error: .tooManyVariants(7, most: 6)),
    WrongLine(line: "variants=lora,lora-ga,lora", error: .repeatedVariant("lora")),
    WrongLine(line: "variants=lora-ga,lora-ga(scale=stable)", error: .repeatedVariant("lora-ga")),
  ]
}
