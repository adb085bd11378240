// swift-tools-version: 6.2
import PackageDescription

// Math and what it calls are the product's own sources, by symbolic links: a package apart cannot see them
// otherwise, as nothing of them is public.
let package = Package(
  name: "lora-benchmark",
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CKernels"),
    .target(name: "Math", dependencies: ["COpenBLAS", "CKernels"]),
    .executableTarget(
      name: "lora-benchmark",
      dependencies: ["Math", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Sources/LoRABenchmark"),
  ],
  swiftLanguageModes: [.v6]
)
