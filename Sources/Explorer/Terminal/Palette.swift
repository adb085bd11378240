import Charts

/// The colours of the inks, on the terminal's own background.
///
/// Series in the order of Okabe and Ito; never red against green for a meaning.
package struct Palette: Sendable {
  /// Indices of series 1 to 6; empty without colour.
  private let series: [Int]
  private let alert: Int?

  /// - Parameter colors: how many the terminal has.
  package init(colors: Int) {
    switch colors {
    case 256...:
      series = [74, 172, 36, 175, 166, 33]
      alert = 196
    case 8...:
      // Cyan, yellow, green, magenta, red, blue.
      series = [6, 3, 2, 5, 1, 4]
      alert = 1
    default:
      series = []
      alert = nil
    }
  }

  /// The index of an ink's colour, nil for the terminal's own foreground.
  package func color(_ ink: Ink) -> Int? {
    switch ink {
    case .standard, .theory: nil
    case .series1, .series2, .series3, .series4, .series5, .series6:
      series.isEmpty ? nil : series[Int(ink.rawValue - Ink.series1.rawValue)]
    case .alert: alert
    }
  }

  /// Theory is dim and an alert bold in any number of colours.
  package func attributes(_ style: Style) -> Style.Attributes {
    switch style.ink {
    case .theory: style.attributes.union(.dim)
    case .alert: style.attributes.union(.bold)
    case .standard, .series1, .series2, .series3, .series4, .series5, .series6: style.attributes
    }
  }
}
