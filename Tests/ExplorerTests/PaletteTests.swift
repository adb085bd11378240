import Charts
import Explorer
import Foundation
import Testing

/// The 256 colours of xterm, and how far apart people see them.
enum Vision: CaseIterable {
  case normal, protanopia, deuteranopia, tritanopia

  /// On linear RGB, severity 1 (Machado, Oliveira and Fernandes 2009, table 1).
  var matrix: [[Double]] {
    switch self {
    case .normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .protanopia:
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
      ]
    case .deuteranopia:
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
      ]
    case .tritanopia:
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
      ]
    }
  }

  func apply(_ matrix: [[Double]], _ x: [Double]) -> [Double] {
    matrix.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// OKLab coordinates (Ottosson 2020); a difference of 0.02 is just seen.
  func coordinates(_ index: Int) -> [Double] {
    let seen = apply(matrix, linear(index)).map { min(1, max(0, $0)) }
    let cones = apply(
      [
        [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ], seen
    ).map(cbrt)
    return apply(
      [
        [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
      ], cones)
  }

}

/// Linear RGB of an index of xterm's cube, 16 to 231.
private func linear(_ index: Int) -> [Double] {
  let levels = [0.0, 95, 135, 175, 215, 255]
  let cube = index - 16
  return [cube / 36, cube / 6 % 6, cube % 6].map { place in
    let value: Double = levels[place] / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }
}

/// WCAG 2.
private func contrast(_ index: Int, on background: Background) -> Double {
  let rgb = linear(index)
  let luminance: Double = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
  return background == .dark ? (luminance + 0.05) / 0.05 : 1.05 / (luminance + 0.05)
}

@Suite("The hues of a theme")
struct PaletteContrastTests {
  static let themes = Theme.allCases.filter { $0 != .mono }

  static func visions(_ theme: Theme) -> [Vision] {
    switch theme {
    case .tritanopia: [.normal, .tritanopia]
    case .standard, .light, .highContrast, .deuteranopia, .mono: [.normal, .deuteranopia]
    }
  }

  @Test("stand out from the background", arguments: themes, [Background.dark, .light])
  func standOut(theme: Theme, background: Background) {
    let palette = Palette(colors: 256, theme: theme, background: background)
    let on: Background = theme == .light ? .light : background
    #expect(Set(palette.series).count == 6)
    for index in palette.series {
      // WCAG's bounds for text, AA and AAA.
      #expect(contrast(index, on: on) >= (theme == .highContrast ? 7 : 4.5), "\(index)")
    }
  }

  @Test("are told apart by those they are for", arguments: themes, [Background.dark, .light])
  func areToldApart(theme: Theme, background: Background) {
    let hues = Palette(colors: 256, theme: theme, background: background).series
    for vision in Self.visions(theme) {
      let seen = hues.map(vision.coordinates)
      for i in hues.indices {
        for j in 0..<i {
          let squares = zip(seen[i], seen[j]).map { ($0 - $1) * ($0 - $1) }
          // Almost thrice what is just seen: thin lines need more than areas.
          #expect(
            squares.reduce(0, +).squareRoot() >= 0.059, "\(hues[i]) and \(hues[j]) for \(vision)")
        }
      }
    }
  }
}

@Suite("The terminal's background")
struct BackgroundTests {
  @Test(
    "is told by COLORFGBG",
    arguments: [
      ("15;0", Background.dark), ("0;15", .light), ("0;default;7", .light), ("7;8", .dark), ("12;4", .dark),
      ("0;default", nil), ("", nil), ("99", nil), (nil, nil),
    ])
  func colorFGBG(value: String?, expected: Background?) {
    #expect(Background(colorFGBG: value) == expected)
  }
}

@Suite("A theme")
struct ThemeTests {
  @Test func comesAroundToItself() {
    var seen = [Theme.standard]
    while seen.last?.next != .standard, seen.count < 10 { seen.append(seen[seen.count - 1].next) }
    #expect(seen == Theme.allCases)
  }

  @Test func ofHighContrastDimsNothingAndMonoHasNoColour() {
    #expect(Palette(colors: 256, theme: .highContrast).attributes(.theory) == [])
    let mono = Palette(colors: 256, theme: .mono)
    #expect(Ink.allCases.allSatisfy { mono.color($0) == nil })
    #expect(mono.attributes(.theory) == .dim && mono.attributes(Style(.alert)) == .bold)
  }
}
