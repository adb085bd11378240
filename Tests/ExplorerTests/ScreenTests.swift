import Charts
import Explorer
import Glibc
import Math
import Testing

@Suite("Screens")
struct ScreenTests {
  static let sizes = [
    (0, 0), (1, 1), (20, 3), (34, 9), (60, 16), (79, 24), (80, 23), (80, 24), (120, 40), (200, 60),
  ]

  /// A run that has gone all its way.
  static func played(_ line: String, glyphs: Glyphs = .braille) throws -> Model {
    var model = Model(try Scenario(parsing: line), glyphs: glyphs, memory: 1e12)
    var simulation = try Simulation(model.scenario, digits: .embedded)
    _ = update(&model, .report(Report(run: 1, news: .ready(RunOutline(simulation)))))
    while true {
      let record = Record(measuring: &simulation, withSpectra: simulation.step.isMultiple(of: 5))
      _ = update(&model, .report(Report(run: 1, news: .records([record]))))
      if simulation.step == model.scenario.steps { break }
      simulation.advance()
    }
    return model
  }

  @Test(arguments: sizes, Glyphs.allCases)
  func everyScreenHasExactlyTheSizeAsked(size: (Int, Int), glyphs: Glyphs) throws {
    let size = Size(width: size.0, height: size.1)
    for keys in ["", "p", "?", "y", "10"] {
      var model = try Self.played("n=12 m=9 r=3 steps=40", glyphs: glyphs)
      for scalar in keys.unicodeScalars { _ = update(&model, .key(.character(scalar))) }
      let rows = view(model, size).grid.rows
      #expect(rows.count == size.height)
      #expect(rows.allSatisfy { $0.unicodeScalars.count == size.width })
      if glyphs == .ascii {
        #expect(rows.allSatisfy { row in row.unicodeScalars.allSatisfy { $0.value < 128 } }, "\(rows)")
      }
    }
  }

  @Test func theMainScreenShowsAllThreeChartsAndTheNumbers() throws {
    let model = try Self.played("n=12 m=9 r=3 alpha=6 steps=40 seed=7")
    let rows = view(model, Size(width: 80, height: 24)).grid.rows
    #expect(rows[0].hasPrefix(" 12×9  r 3  α 6  seed 7"))
    #expect(rows[0].contains("40/40"))
    #expect(rows[1].hasPrefix("‖W_LoRA − W_full‖_F"))
    #expect(rows[1].contains("log y") && rows[1].contains("floor"))
    #expect(rows[12].hasPrefix("Loss") && rows[12].contains("σ_i(W−W0)"))
    #expect(rows[21].contains("gap 1") && rows[21].contains("loss F"))
    #expect(rows[22].contains("t=40"))
    let braille = rows[2...9].joined().unicodeScalars.count { (0x2801...0x28ff).contains($0.value) }
    #expect(braille > 30, "a curve crosses the whole gap chart\n\(rows.joined(separator: "\n"))")
    #expect(rows[13...].joined().contains("█"), "bars of the spectrum")
    #expect(rows.joined().contains("╎"), "the cut at r")
  }

  @Test func theReadOutOfTheDefaultRunFitsAndElseDropsWholeItemsFromTheRight() throws {
    let model = try Self.played("steps=40")
    func readOut(_ width: Int) -> String {
      let row = view(model, Size(width: width, height: 24)).grid.rows[21]
      return String(row.reversed().drop { $0 == " " }.reversed())
    }
    let latest = try #require(model.history?.latest)
    let values = latest.layers[0].gaps[1...] + latest.losses
    // Of 200 columns everything with four digits, of 80 the gaps, of fewer what has three.
    for (width, digits) in [(200, 4), (80, 4)] + (60...79).map({ ($0, 3) }) {
      let row = readOut(width)
      let items = row.matches(of: /\ +(?:gap |loss )?[F1-3] ([\d.e-]+)(?: floor \S+)?(?: \S+×)?/)
      #expect(items.map { String($0.output.0) }.joined() == row.replacing(" …", with: ""), "\(row)")
      #expect(items.count == 7 || row.hasSuffix(" …"), "\(row)")
      for (k, (item, value)) in zip(items, values).enumerated() {
        let precision = 0.5 * pow(10, Double(1 - (k < 3 || width == 200 ? digits : 3)))
        #expect(abs((Double(item.output.1) ?? .nan) / value - 1) <= precision, "\(value) in \(row)")
      }
    }
    #expect(readOut(200).contains("×") && readOut(60) != readOut(200))
  }

  @Test func whatRoundingLeavesOfZeroIsZero() throws {
    // LoRA-GA starts from W0 up to rounding.
    let line = "steps=40 variants=lora-ga"
    var start = try Simulation(Scenario(parsing: line), digits: .embedded)
    let dust = start.gaps()[1]
    #expect(0 < dust && dust < start.rounding(layer: 0))
    let model = try Self.played(line)
    #expect(model.history?.layers[0].gaps[1].value(at: 0) == 0)
    #expect(view(model, Size(width: 120, height: 40)).grid.rows[1].contains("1 ≤ 0 hidden"))
    let rows = view(model, Size(width: 80, height: 24)).grid.rows[2...9]
    let labels = rows.map { $0.prefix(5).filter { $0 != " " } }.filter { !$0.isEmpty }
    #expect(labels.count >= 2 && labels.allSatisfy { (Double($0) ?? 0) > 1e-6 }, "\(labels)")
  }

  @Test func aLossThatIsRoundingIsDrawnAsNothing() throws {
    let model = try Self.played("norm=0 steps=10 variants=lora-ga")
    let losses = try #require(model.history?.losses)
    #expect(losses.allSatisfy { $0.finiteMaximum == 0 })
    let screen = view(model, Size(width: 80, height: 24)).grid.text
    #expect(
      screen.contains("no number above 0  11 ≤ 0 hidden") && screen.contains("loss F 0 1 0"), "\(screen)")
    #expect(screen.contains("σ_i(W−W0)") && screen.contains("all are 0"))
    // What lands at W* has no ratio to be compared by.
    let landed = try Self.played("lr=1 steps=10 variants=lora-pro")
    #expect(landed.history?.losses[0].last == 0 && landed.number(.overFull, of: 1) == nil)
  }

  @Test func aSmallerScreenKeepsTheGapAndTheNumbers() throws {
    let rows = view(try Self.played("n=12 m=9 r=3 steps=40"), Size(width: 60, height: 16)).grid.rows
    #expect(rows[1].hasPrefix(" 1 lora  2 lora-ga  3 lora-pro"))
    #expect(rows[2].hasPrefix("‖W_LoRA − W_full‖_F"))
    #expect(!rows.joined().contains("Loss"))
    #expect(rows[13].contains("gap 1"))
  }

  @Test func belowSixtyBySixteenANoticeSaysSo() throws {
    let rows = view(try Self.played("n=12 m=9 r=3 steps=40"), Size(width: 34, height: 9)).grid.rows
    #expect(rows[0].contains("Terminal too small"))
    #expect(rows.joined().contains("60 × 16") && rows.joined().contains("The run goes on: t=40/40"))
    #expect(rows[6].contains("gap 1 ") && rows[6].contains("loss 1 "), "\(rows)")
    var paused = try SyntheticRun.model(steps: 7)
    for words in ["The run goes on: t=7/2000", "The run is paused: t=7/2000"] {
      #expect(view(paused, Size(width: 34, height: 9)).grid.text.contains(words))
      _ = update(&paused, .key(.character(" ")))
    }
    for width in 20...40 {
      let text = view(paused, Size(width: width, height: 9)).grid.text
      #expect(!text.contains("t=") || text.contains("t=7/2000"), "half a number\n\(text)")
    }
  }

  @Test func aDivergedSeriesStopsWithAMarkAndTheOthersGoOn() throws {
    // α = 4000 makes s = 2000 and the LoRA step far too long, while full fine-tuning stays stable.
    let model = try Self.played("n=12 m=9 r=2 alpha=4000 lr=0.5 steps=60 variants=lora")
    let history = try #require(model.history)
    let step = try #require(history.divergedAt[1])
    #expect(history.divergedAt[0] == nil)
    let text = view(model, Size(width: 80, height: 24)).grid.text
    #expect(text.contains("✗ t=\(step)"), "\(text)")
  }

  @Test func theLeftEdgeOfAPlotDoesNotMoveWhileNumbersChange() throws {
    func edge(_ model: Model) -> [Int?] {
      view(model, Size(width: 80, height: 24)).grid.rows[2...9].map { row in
        row.unicodeScalars.enumerated().first { $0.element == "│" || $0.element == "┤" }?.offset
      }
    }
    let early = try edge(Self.played("n=12 m=9 r=3 steps=1"))
    let late = try edge(Self.played("n=12 m=9 r=3 steps=400 lr=0.05"))
    #expect(early == late)
    #expect(early.allSatisfy { $0 == 5 })
  }

  // MARK: Layers, test loss, many variants

  @Test func theScreenNamesTheLayerAndShowsItsWholePast() throws {
    var model = try Self.played("task=twolayer n=7 hidden=9 m=6 r=2 steps=40 seed=3 variants=lora")
    var simulation = try Simulation(model.scenario, digits: .embedded)
    for _ in 0..<40 { simulation.advance() }
    var plots: Set<String> = []
    for (layer, shape) in [(0, "7×9"), (1, "9×6")] {
      let rows = view(model, Size(width: 80, height: 24)).grid.rows
      #expect(rows[0].hasPrefix(" twolayer  layer \(layer + 1) of 2  \(shape)  r 2"), "\(rows[0])")
      #expect(rows[1].hasPrefix("‖W_LoRA − W_full‖_F, layer \(layer + 1)"), "\(rows[1])")
      #expect(rows[12].contains("σ_i(W−W0), layer \(layer + 1)"), "\(rows[12])")
      let gap = simulation.gaps(layer: layer)[1]
      let readOut = try #require(rows[21].firstMatch(of: /gap 1 (\S+) .*train F (\S+)/), "\(rows[21])")
      // Three digits are shown.
      #expect(abs(try #require(Double(readOut.1)) - gap) <= 0.005 * gap)
      #expect(abs(try #require(Double(readOut.2)) - simulation.losses()[0]) <= 0.005 * simulation.losses()[0])
      #expect(model.history?.layers[layer].gaps[1].count == 41)
      plots.insert(rows[2...9].joined())
      plots.insert(rows[13...18].map { $0.dropFirst(40) }.joined())
      _ = update(&model, .key(.character("w")))
    }
    #expect(plots.count == 4, "each layer has its own gap and singular values")
    #expect(model.layer == 0)
  }

  @Test func theSpectrumEndsAtTheSmallerSizeOfTheLayer() throws {
    var model = try Self.played("task=twolayer n=7 hidden=9 m=3 r=2 steps=40 variants=lora")
    #expect(model.history?.layers.map { $0.latestSpectra?.spectra?[0]?.values.count } == [7, 3])
    let first = view(model, Size(width: 80, height: 24))
    _ = update(&model, .key(.character("w")))
    #expect(view(model, Size(width: 80, height: 24)) != first)
  }

  @Test func theLossIsOfTrainingOrHeldOutExamplesAndSaysWhich() throws {
    var model = try Self.played("task=linreg n=8 m=6 r=2 samples=40 batch=10 steps=40 variants=lora")
    let latest = try #require(model.history?.latest)
    var plots: Set<String> = []
    for (title, word, losses) in [
      ("Training loss", "train", latest.losses), ("Test loss", "test", try #require(latest.heldOutLosses)),
    ] {
      let rows = view(model, Size(width: 80, height: 24)).grid.rows
      #expect(rows[12].hasPrefix(title), "\(rows[12])")
      let shown = try #require(rows[21].firstMatch(of: try Regex("\(word) F (\\S+) 1 (\\S+)")), "\(rows[21])")
      for i in 0...1 {
        let number = try #require(shown[i + 1].substring.flatMap { Double($0) })
        #expect(abs(number - losses[i]) <= 0.005 * losses[i])
      }
      plots.insert(rows[13...18].map { $0.prefix(40) }.joined())
      _ = update(&model, .key(.character("T")))
    }
    #expect(plots.count == 2, "each set has its own curves")
    let plain = try Self.played("n=8 m=6 r=2 steps=4 variants=lora")
    #expect(view(plain, Size(width: 80, height: 24)).grid.rows[12].hasPrefix("Loss "))
  }

  @Test func aStartThatIsNotUniqueIsMarkedAndExplainedOnce() throws {
    // A flat target makes all singular values of the first gradient equal.
    let line = "n=12 m=9 r=3 target=flat steps=40 variants=lora,lora-ga"
    var model = Model(try Scenario(parsing: line), glyphs: .braille, memory: 1e9)
    var simulation = try Simulation(model.scenario, digits: .embedded)
    _ = update(&model, .report(Report(run: 1, news: .ready(RunOutline(simulation)))))
    for step in 0...40 {
      let record = Record(measuring: &simulation, withSpectra: true)
      _ = update(&model, .report(Report(run: 1, news: .records([record]))))
      let rows = view(model, Size(width: 80, height: 24)).grid.rows
      #expect(rows[1].contains("1 lora  2 lora-ga ≈"), "\(rows[1])")
      #expect(
        rows[21].hasPrefix(" ≈ 2: start not unique, singular values coincide") == (step < 8), "\(rows[21])")
      simulation.advance()
    }
    let unique = try Self.played("n=12 m=9 r=3 steps=4 variants=lora,lora-ga")
    #expect(!view(unique, Size(width: 80, height: 24)).grid.text.contains("≈"))
  }

  static let sixVariants = [
    "lora,rslora,lora-plus,pissa,lora-ga,lora-pro",
    "lora-ga,lora-ga(scale=gd),lora-ga(scale=unit),lora-ga(scale=zeta),lora-ga(scale=weightS),lora-ga(clip=yes)",
    "random-projection,serial-lora,parallel-lora,additive,random-projection(form=left),oracle",
  ]

  @Test(arguments: sixVariants, Glyphs.allCases)
  func sixVariantsAreToldApartIn80Columns(variants: String, glyphs: Glyphs) throws {
    var model = try Self.played("n=24 m=20 r=4 steps=100 lr=0.01 variants=\(variants)", glyphs: glyphs)
    // From the table to the three charts.
    _ = update(&model, .key(.escape))
    let rows = view(model, Size(width: 80, height: 24)).grid.rows
    let legend = try #require(
      rows[1].firstMatch(of: /^ 1 (.+?) 2 (.+?) 3 (.+?) 4 (.+?) 5 (.+?) 6 (.+?) \S+ floor *$/))
    let names = [
      legend.output.1, legend.output.2, legend.output.3, legend.output.4, legend.output.5, legend.output.6,
    ].map { String($0.drop { $0 == " " }) }
    #expect(Set(names.map(\.trimmed)).count == 6, "\(rows[1])")
    #expect(rows[2].contains("W_full") && rows[12].hasPrefix("Loss"), "\(rows.joined(separator: "\n"))")
    // Items are whole: a digit with its number, or nothing.
    let readOut = rows[21].trimmed.replacing(/\ (?:…|\.\.\.)$/, with: "")
    let items = readOut.matches(of: /\ +(?:gap |loss )?[F1-6] (\S+)/)
    #expect(items.map { String($0.output.0) }.joined() == readOut, "\(rows[21])")
    let shown = try #require(model.history?.latest).layers[0].gaps[1...6].map {
      significant($0, 3, keepsZeros: true)
    }
    let numbers = items.prefix(6).map { String($0.output.1) }
    #expect(numbers == shown.map { $0.hasPrefix("0.") ? String($0.dropFirst()) : $0 }, "\(rows[21])")
  }

  @Test func sixVariantsAllHaveDigitsInTheSpectrum() throws {
    var model = try Self.played("n=24 m=20 r=4 steps=100 lr=0.01 variants=\(Self.sixVariants[0])")
    _ = update(&model, .key(.escape))
    let grid = view(model, Size(width: 80, height: 24)).grid
    let cells = (13...18).flatMap { row in (46..<80).map { (row, $0) } }
    for i in 1...6 {
      let digit = UInt32(48 + i)
      let places = cells.filter { grid.scalar(row: $0.0, column: $0.1) == digit }
      #expect(!places.isEmpty, "\(i) is nowhere\n\(grid.text)")
      #expect(places.allSatisfy { grid.style(row: $0.0, column: $0.1).ink == .series(i) })
    }
  }

  // MARK: The default runs

  @Test(arguments: ProblemFamily.ID.allCases)
  func theDefaultRunShowsItsDifferencesSoonAndKeepsMoving(task: ProblemFamily.ID) throws {
    let scenario = Scenario(task: task)
    // A run is shown in ten seconds: a fifth of it in two.
    let (soon, late) = (scenario.steps / 5, scenario.steps / 2)
    var simulation = try Simulation(scenario, digits: .embedded)
    var losses: [Int: [Double]] = [:]
    while true {
      if [0, soon, late, scenario.steps].contains(simulation.step) {
        losses[simulation.step] = simulation.losses()
        #expect(losses[simulation.step]?.allSatisfy { $0.isFinite } == true)
      }
      if simulation.step == scenario.steps { break }
      simulation.advance()
    }
    let (first, second) = (try #require(losses[0]), try #require(losses[soon]))
    for (name, loss) in zip(simulation.series.map(\.name), zip(first, second)) {
      #expect(loss.1 < 0.8 * loss.0, "\(name) has hardly begun")
    }
    let (highest, lowest) = (try #require(second.max()), try #require(second.min()))
    #expect(highest > 1.3 * lowest, "the lines lie on each other")
    let (third, last) = (try #require(losses[late]), try #require(losses[scenario.steps]))
    #expect(last[0] < 0.95 * third[0], "all is over half-way")
  }
}
