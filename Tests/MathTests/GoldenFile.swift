import Foundation
import Testing

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
  var `init`: OneOrMore<Start>?
  var initFrom: InitFrom?
  var batches: [[Int]?]?
  var draws: [Factors?]?
  var tol: Double
  var trace: [Record]

  struct Task: Decodable {
    var kind: String
    var phi: String?
    var loss: String?
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
    var nesterov: Flag?
    var b1: Double?
    var b2: Double?
    var eps: Double?
    var wd: Double?
    var t_offset: Int?
  }

  struct Hyper: Decodable {
    var s: Double?
    var cmode: String?
    var algo: String?
    var delta: Double?
    var rtol: Double?
    var alpha: Double?
    var ratioB: Double?
    var detach: Flag?
    var targetR: Int?
    var total: Int?
    var tinit: Int?
    var tfinal: Int?
    var deltaT: Int?
    var beta1: Double?
    var beta2: Double?
    var orth: Double?
    var squared: Flag?
    var r: Int?
    var gap: Int?
    var scale: Double?
    var mode: String?
    var form: String?
    var k: Double?
    var K: Int?
    var opt: Rule
  }

  struct Start: Decodable {
    var A0: [[Double]]?
    var B0: [[Double]]?
    var E0: [Double]?
    var C: [[Double]]?
  }

  struct Factors: Decodable {
    var A: [[Double]]
    var B: [[Double]]
  }

  struct InitFrom: Decodable {
    /// Nil where the factors come from nowhere in particular.
    var kind: String?
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
    var c: Double?
    var signObjective: Double?
    var startA: [[Double]]?
    var startB: [[Double]]?
    var iters: Int?
    var lr: Double?
    var fStart: Double?
    var fBest: Double?
    var b1, b2, eps: Double?
  }

  struct Record: Decodable {
    var lossAll: Double
    var fullLossAll: Double
    var lossBatch: Double?
    var G: OneOrMore<[[Double]]>?
    /// Of a two-layer file.
    var layers: [Layer]?
    /// Of a one-layer file, which puts its only layer's values here.
    var layer: Layer?

    enum CodingKeys: String, CodingKey {
      case lossAll, fullLossAll, lossBatch, G, layers
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      lossAll = try values.decode(Double.self, forKey: .lossAll)
      fullLossAll = try values.decode(Double.self, forKey: .fullLossAll)
      lossBatch = try values.decodeIfPresent(Double.self, forKey: .lossBatch)
      G = try values.decodeIfPresent(OneOrMore<[[Double]]>.self, forKey: .G)
      layers = try values.decodeIfPresent([Layer].self, forKey: .layers)
      if layers == nil { layer = try Layer(from: decoder) }
    }

    var all: [Layer] { layers ?? layer.map { [$0] } ?? [] }
  }

  struct Layer: Decodable {
    var W: [[Double]]
    var dist: Double
    var sv: [Double]
    var A, B: [[Double]]?
    var mag: [Double]?
    var E: [Double]?
    var mask: [Flag]?
    var scores: [Double]?
    var budget: Int?
    var P, Q: [[Double]]?
  }
}

extension GoldenFile {
  /// One a layer; a system without factors may have one empty start for all.
  var starts: [Start] {
    let starts = `init`?.all ?? [Start()]
    return starts.count == 1 ? Array(repeating: starts[0], count: W0.all.count) : starts
  }
}

/// Yes or no, as true or 1.
struct Flag: Decodable {
  var isOn: Bool

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    isOn = try (try? value.decode(Bool.self)) ?? (value.decode(Double.self) != 0)
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

  var all: [Element] {
    switch self {
    case .one(let element): [element]
    case .more(let elements): elements
    }
  }
}

extension GoldenFile.Rule {
  func choice() throws -> OptimizerChoice {
    let name = kind == "galore_adamw" ? "galore-adamw" : kind
    let family = try #require(OptimizerChoice.Family(rawValue: name), "optimiser \(kind)")
    var choice = OptimizerChoice(family, learningRate: lr)
    choice.momentum = mu ?? choice.momentum
    choice.dampening = dampening ?? 0
    choice.isNesterov = nesterov?.isOn ?? false
    choice.beta1 = b1 ?? 0.9
    choice.beta2 = b2 ?? 0.999
    choice.epsilon = eps ?? 1e-8
    choice.weightDecay = wd ?? 0
    return choice
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

  /// Nil where the folder has none.
  static func kernels() throws -> Kernels? {
    let url = url.appendingPathComponent("kernels.json")
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return try JSONDecoder().decode(Kernels.self, from: Data(contentsOf: url))
  }

  static func trajectories() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
      .filter {
        $0.pathExtension == "json" && !["index.json", "kernels.json"].contains($0.lastPathComponent)
      }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}
