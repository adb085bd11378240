import Math

/// What shows a claim: on the screen the panel that `:claim` opens, on paper the chart under its numbers.
package enum Drawing: Equatable, Sendable {
  /// Of the run of its first scenario.
  case gap, loss, spectrum
  /// The losses without full fine-tuning's, which would leave the others no room.
  case plateaus
  /// Over the steps of that run, by id.
  case measure(String)
  /// The numbers of all seeds along the key they lie on.
  case readings
  /// A scenario line at the values of two keys.
  case sweep(String, over: [String], Quantity)
}

extension Claim {
  /// In the order of their weight; none where the numbers are all there is.
  package var drawings: [Drawing] { Self.allDrawings[id] ?? [] }

  /// Rows that need no chart of their own are left out.
  package static let allDrawings: [String: [Drawing]] = [
    "1": [.spectrum], "3": [.spectrum], "4": [.readings], "5": [.loss], "6": [.loss], "7": [.spectrum],
    "8": [.loss], "10": [.loss], "12": [.loss], "13": [.loss],
    "20": [.loss], "21": [.measure("second-order")], "22": [.readings], "25": [.measure("forgetting")],
    "26": [.loss], "27": [.spectrum], "28": [.readings], "29": [.gap], "30": [.loss], "31": [.loss],
    "32": [.readings],
    "34": [.measure("cosine")], "35": [.readings], "36": [.plateaus], "37": [.gap, .readings], "38": [.loss],
    "39": [.gap], "40": [.readings], "41": [.gap], "43": [.readings], "45": [.readings],
    "46": [.measure("cosine")], "47": [.readings], "51": [.gap],
    "52": [.measure("optimality")], "57": [.loss], "58": [.gap], "58b": [.gap], "58c": [.gap],
    "59": [.sweep(rates(0.03, ratio: 1), over: ["lr=\(grid)", "lr-b=\(grid)"], .share)], "60": [.readings],
    "61": [.loss], "62": [.gap], "63": [.measure("drift")], "65": [.loss],
  ]

  private static let grid = "0.01,0.03,0.1,0.3,1,3"
}
