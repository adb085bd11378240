import Charts

/// The colours of the inks, on the terminal's own background.
///
/// Series in the order of Okabe and Ito where the theme leaves the choice; never red against green for a meaning.
package struct Palette: Sendable {
  /// Indices of series 1 to 6; empty without colour.
  package let series: [Int]
  private let alert: Int?
  private let theme: Theme

  /// - Parameter colors: how many the terminal has.
  package init(colors: Int, theme: Theme = .standard, background: Background? = nil) {
    self.theme = theme
    let isLight = theme == .light || background == .light
    switch colors {
    case _ where theme == .mono, ..<8:
      series = []
      alert = nil
    case 256...:
      series = Self.hues(theme, isLight: isLight)
      alert = isLight ? 160 : 196
    default:
      // Cyan, yellow, green, magenta, red, blue.
      series = [6, 3, 2, 5, 1, 4]
      alert = 1
    }
  }

  /// Of the 256 colours, those whose nearest pair is farthest apart in OKLab, under the vision the theme is for and
  /// under normal vision, with a contrast to the background of at least 4.5, for high contrast 7.
  private static func hues(_ theme: Theme, isLight: Bool) -> [Int] {
    switch theme {
    case .standard, .light: isLight ? [62, 130, 29, 90, 88, 17] : [74, 172, 36, 175, 166, 33]
    case .highContrast: isLight ? [23, 125, 57, 54, 52, 17] : [44, 214, 204, 228, 141, 34]
    case .deuteranopia: isLight ? [63, 160, 17, 96, 52, 55] : [75, 82, 30, 79, 63, 34]
    case .tritanopia: isLight ? [27, 160, 17, 95, 22, 52] : [49, 110, 196, 214, 29, 134]
    case .mono: []
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

  /// Theory is dim, unless that would cost contrast, and an alert bold in any number of colours.
  package func attributes(_ style: Style) -> Style.Attributes {
    switch style.ink {
    case .theory: theme == .highContrast ? style.attributes : style.attributes.union(.dim)
    case .alert: style.attributes.union(.bold)
    case .standard, .series1, .series2, .series3, .series4, .series5, .series6: style.attributes
    }
  }
}
