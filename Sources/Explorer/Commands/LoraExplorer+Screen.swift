extension LoraExplorer {
  /// A subcommand has no screen: an option of it would be lost without a word.
  func requireNoScreen(for subcommand: String) throws(UsageError) {
    let given = [
      ("--run", spec != nil), ("--help-keys", wantsKeys), ("--theme", theme != nil),
      ("--no-mouse", leavesMouse), ("--paused", paused), ("--calm", calm), ("--speak", speak),
    ]
    guard let name = given.first(where: \.1)?.0 else { return }
    let remedy = name == "--run" ? "SPEC stands without it" : "leave it out"
    throw UsageError("\(name) is for the screen and not for \(subcommand); \(remedy)")
  }
}
