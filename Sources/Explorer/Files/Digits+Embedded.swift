import Assets
import Math

extension Digits {
  /// The digits built into the binary.
  package static var embedded: Digits {
    do {
      return try Digits(text: Assets.digits)
    } catch {
      preconditionFailure("the digits built into the binary are damaged: \(error)")
    }
  }
}
