// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// Assets.swift names them again; a test compares both with the folder.
let lessons = [
  "01-doors", "02-first-step", "03-debt", "04-shadow", "05-floor", "06-rank-scaling", "07-normal-form",
  "08-pairing", "09-serial", "10-who-first", "11-edge", "12-seat-belt", "13-galore", "14-gauge",
  "15-redrawing", "16-volume", "17-condition", "18-intruders",
]

let package = Package(
  name: "lora-explorer",
  products: [.executable(name: "lora-explorer", targets: ["Explorer"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CKernels"),
    .target(name: "Math", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: settings),
    .target(name: "Theory", dependencies: ["Math"], swiftSettings: settings),
    .target(name: "Charts", swiftSettings: settings),
    // A target of its own, since the compiler takes long over a large literal: it is built once.
    .target(
      name: "Assets",
      resources: [.embedInCode("../../assets/digits.txt")]
        + lessons.map { .embedInCode("../../assets/lessons/\($0).yaml") },
      swiftSettings: settings),
    .executableTarget(
      name: "Explorer",
      dependencies: [
        "Math", "Theory", "Charts", "Assets", "CNcurses",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "MathTests", dependencies: ["Math"], exclude: ["Golden"], swiftSettings: settings),
    .testTarget(
      name: "TheoryTests", dependencies: ["Math", "Theory", "Assets"], swiftSettings: settings),
    .testTarget(name: "ChartsTests", dependencies: ["Charts"], swiftSettings: settings),
    .testTarget(
      name: "ExplorerTests", dependencies: ["Explorer"], exclude: ["Screens"], swiftSettings: settings),
    .testTarget(name: "EndToEndTests", dependencies: ["Explorer"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
