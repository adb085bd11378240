import Foundation

import Math

/// A golden trajectory file, format `lora-golden/1`: inputs, and every number a replay has to reach.
struct GoldenFile: Decodable {
  var format: String
  var name: String
  var system: String
  var steps: Int
  var task: Task
  var W0: OneOrMore<[[Double]]>
  var hyper: Hyper
  var fullOpt: Rule
  var `init`: OneOrMore<Start>
  var initFrom: InitFrom?
  var batches: [[Int]?]?
  var tol: Double
  var trace: [Record]

  struct Task: Decodable {
    var kind: String
    var Wstar: [[Double]]?
    var X: [[Double]]?
    var Y: [[Double]]?
    var y: [Int]?
  }

  struct Rule: Decodable {
    var kind: String
    var lr: Double
    var mu: Double?
    var dampening: Double?
    var nesterov: Bool?
    var b1: Double?
    var b2: Double?
    var eps: Double?
    var wd: Double?
  }

  struct Hyper: Decodable {
    var s: Double?
    var cmode: String?
    var algo: String?
    var delta: Double?
    var rtol: Double?
    var opt: Rule
  }

  struct Start: Decodable {
    var A0: [[Double]]?
    var B0: [[Double]]?
    var C: [[Double]]?
  }

  struct InitFrom: Decodable {
    var kind: String
    var uniform01: [[Double]]?
    var ZA: [[Double]]?
    var ZB: [[Double]]?
    var of: String?
    var split: String?
    var scale: String?
    var perm: [Int]?
    var r: Int?
    var s: Double?
    var gamma: Double?
    var zeta: Double?
  }

  struct Record: Decodable {
    var lossAll: Double
    var fullLossAll: Double
    var lossBatch: Double?
    var W: [[Double]]?
    var dist: Double?
    var sv: [Double]?
    var A: [[Double]]?
    var B: [[Double]]?
    var G: OneOrMore<[[Double]]>?
  }
}

/// One-layer files hold the thing itself, two-layer files an array of two.
enum OneOrMore<Element: Decodable>: Decodable {
  case one(Element)
  case more([Element])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let one = try? container.decode(Element.self) {
      self = .one(one)
    } else {
      self = .more(try container.decode([Element].self))
    }
  }

  var single: Element? {
    if case .one(let element) = self { element } else { nil }
  }
}

extension GoldenFile.Rule {
  /// The optimiser, or nil when this program does not have it.
  var optimizer: (any Optimizer)? {
    switch kind {
    case "sgd": SGD(learningRate: lr, weightDecay: wd ?? 0)
    case "momentum":
      Momentum(
        learningRate: lr, momentum: mu ?? 0.9, dampening: dampening ?? 0, isNesterov: nesterov ?? false,
        weightDecay: wd ?? 0)
    case "adam", "adamw":
      Adam(
        learningRate: lr, β1: b1 ?? 0.9, β2: b2 ?? 0.999, ε: eps ?? 1e-8, weightDecay: wd ?? 0,
        isDecoupled: kind == "adamw")
    default: nil
    }
  }
}

/// The folder of golden files: `GOLDEN_DIR` where set, else the committed copy.
enum GoldenFolder {
  static let url: URL =
    if let path = ProcessInfo.processInfo.environment["GOLDEN_DIR"], !path.isEmpty {
      URL(fileURLWithPath: path, isDirectory: true)
    } else {
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    }

  static func trajectories() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
      .filter {
        $0.pathExtension == "json" && !["index.json", "kernels.json"].contains($0.lastPathComponent)
      }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}
