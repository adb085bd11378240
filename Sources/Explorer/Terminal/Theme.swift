/// Which hues to draw with; the terminal's own background stays under all of them.
package enum Theme: String, CaseIterable, Sendable {
  /// The hues for the background the terminal tells, dark ones where it tells none.
  case standard = "default"
  /// The hues for a light background, whatever the terminal tells.
  case light
  case highContrast = "high-contrast"
  case deuteranopia, tritanopia
  /// Bold, dim and reverse alone.
  case mono

  package var next: Theme {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}

package enum Background: String, Sendable {
  case dark, light

  /// From COLORFGBG, `foreground;background` in the sixteen colours, which rxvt and others set.
  package init?(colorFGBG: String?) {
    guard let last = colorFGBG?.split(separator: ";").last, let color = Int(last), 0...15 ~= color else {
      return nil
    }
    // White, and the bright half without its black.
    self = color == 7 || color > 8 ? .light : .dark
  }
}
