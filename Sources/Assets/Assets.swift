/// What is built into the binary, byte for byte as in `assets/`.
package enum Assets {
  /// Handwritten digits; `assets/README.md` has their origin and form.
  package static var digits: [UInt8] { PackageResources.digits_txt }
}
