import Explorer
import Math
import Testing

/// Numbers read off a scene's runs, against the same runs stepped here.
@Suite("Lessons: numbers")
struct LessonNumberTests {
  static let lesson = """
    gap: {value: gap 1 at 7}
    floor: {value: floor 1 at end}
    loss: {value: loss full at 3}
    ratio: {value: loss 1 at end over loss 1 at 0}
    difference: {value: loss 1 at end minus loss full at end}
    most: {value: highest gap 1}
    least: {value: lowest loss 1}
    when: {value: step of lowest gap 1}
    half: {value: first step loss full below 4}
    never: {value: first step loss full below 0}
    share: {value: share 1 at 12}
    lost: {value: first step loss 1 not finite}
    norm: {value: norm-b 1 at 5}
    reached: {value: gap 1 at share 0.7}
    missed: {value: gap 1 at share 1e-9}
    """

  @Test func areThoseOfTheSimulation() throws {
    let numbers = Self.lesson.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    let yaml = """
      title: t
      say: s
      ask: q
      answers: [{text: x, right: y}, {text: z, wrong: w}]
      why: w
      scenario: n=8 m=6 k=6 norm=4 lr=0.1 steps=20 r=2 alpha=2 variants=lora(init=normal)
      picture: {show: gap}
      numbers:
      \(numbers)
      """
    let scene = try LessonReader.read(yaml, file: "01-t.yaml").scene
    #expect(scene.runs[0].scenario.seed == 3)
    let found = try scene.measured()

    var run = try Simulation(scene.runs[0].scenario, digits: .embedded)
    var losses: [[Double]] = []
    var gaps: [Double] = []
    var norm = 0.0
    while true {
      losses.append(run.losses())
      gaps.append(run.gaps()[1])
      if run.step == 5 { norm = run.series[1].chain.parameters[0][.B].norm }
      if run.step == 20 { break }
      run.advance()
    }
    #expect(found["gap"] == gaps[7] && found["norm"] == norm)
    #expect(found["floor"] == run.spectra()[1]?.floor)
    #expect(found["loss"] == losses[3][0])
    #expect(found["ratio"] == losses[20][1] / losses[0][1])
    #expect(found["difference"] == abs(losses[20][1] - losses[20][0]))
    #expect(found["most"] == gaps.max() && found["least"] == losses.map { $0[1] }.min())
    #expect(found["when"] == gaps.firstIndex { $0 == gaps.min() }.map(Double.init))
    #expect(found["half"] == losses.firstIndex { $0[0] <= 4 }.map(Double.init))
    #expect(found["never"]?.isNaN == true && found["lost"]?.isNaN == true)
    #expect(found["missed"]?.isNaN == true)
    let reached = try #require(losses.firstIndex { $0[1] <= 0.7 * losses[0][1] })
    #expect(reached > 0 && found["reached"] == gaps[reached])
    #expect(found["share"] == losses[12][1] / losses[0][1])
    let lesson = LessonText("{never}")
    #expect(lesson.filled(found, in: scene) == "not within 20 steps")
  }

  /// A run that diverges: the step in the text is the step of the mark in the picture.
  @Test func aRunIsLostAtTheStepWhoseMarkIsDrawn() throws {
    let yaml = LessonTests.yaml
      .replacing("lr=0.1", with: "lr=10").replacing(
        "one: {value: gap 1 at end of low, within: 0 to 10}",
        with: "one: {value: first step loss 1 not finite of low}")
    let trial = try LessonTests.lesson(yaml).scene.tried()
    let step = try #require(trial.histories[0].divergedAt[1])
    #expect(trial.numbers["one"] == Double(step))
  }

  @Test func aLessonThatDoesNotHoldSaysWhichNumberAndWhere() throws {
    let narrow = LessonTests.yaml.replacing("within: 0 to 10", with: "within: 0 to 1e-9")
    let check = try LessonCheck(try LessonTests.lesson(narrow), number: 1, seed: 2)
    #expect(check.hasFailed && check.seed == 2)
    #expect(check.lines[0].hasPrefix("✗  1 Two ranks") && check.lines[0].contains("0 of 1"))
    #expect(check.lines[1].contains("one is ") && check.lines[1].hasSuffix("wanted 0 to 1e-9"))
    let excused = try LessonTests.lesson(narrow + "\noutside: {2: this draw is another}")
    let known = try LessonCheck(excused, number: 1, seed: 2)
    #expect(!known.hasFailed && known.lines.last?.contains("this draw is another") == true)
    #expect(try LessonCheck(excused, number: 1, seed: 3).hasFailed)
  }
}
