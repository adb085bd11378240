/// What is built into the binary, byte for byte as in `assets/`.
package enum Assets {
  /// Handwritten digits; `assets/README.md` has their origin and form.
  package static var digits: [UInt8] { PackageResources.digits_txt }

  /// The lessons in the order of teaching, by the names of their files.
  package static var lessons: [(name: String, bytes: [UInt8])] {
    [
      ("01-doors", PackageResources._1_doors_yaml),
      ("02-first-step", PackageResources._2_first_step_yaml),
      ("03-debt", PackageResources._3_debt_yaml),
      ("04-shadow", PackageResources._4_shadow_yaml),
      ("05-floor", PackageResources._5_floor_yaml),
      ("06-rank-scaling", PackageResources._6_rank_scaling_yaml),
      ("07-normal-form", PackageResources._7_normal_form_yaml),
      ("08-pairing", PackageResources._8_pairing_yaml),
      ("09-serial", PackageResources._9_serial_yaml),
      ("10-who-first", PackageResources._0_who_first_yaml),
      ("11-edge", PackageResources._1_edge_yaml),
      ("12-seat-belt", PackageResources._2_seat_belt_yaml),
      ("13-galore", PackageResources._3_galore_yaml),
      ("14-gauge", PackageResources._4_gauge_yaml),
      ("15-redrawing", PackageResources._5_redrawing_yaml),
      ("16-volume", PackageResources._6_volume_yaml),
      ("17-condition", PackageResources._7_condition_yaml),
      ("18-intruders", PackageResources._8_intruders_yaml),
    ]
  }
}
