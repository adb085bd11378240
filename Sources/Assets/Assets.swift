/// What is built into the binary, byte for byte as in `assets/`.
package enum Assets {
  /// Handwritten digits; `assets/README.md` has their origin and form.
  package static var digits: [UInt8] { PackageResources.digits_txt }

  /// The lessons in the order of teaching, by the names of their files.
  package static var lessons: [(name: String, bytes: [UInt8])] {
    [("05-floor", PackageResources._5_floor_yaml)]
  }
}
