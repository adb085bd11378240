import Charts
import Math

extension ScenePicture {
  /// A curve of the picture, and its floor where that is drawn.
  struct Line {
    var name: String
    var marker: Unicode.Scalar
    var style: Style
    var curve = Curve()
    var floor: Curve?
    var stop: LineChart.Stop?

    /// - Parameter number: 0 is full fine-tuning.
    init(_ number: Int, _ name: String) {
      self.name = name
      marker = Explorer.marker(of: number)
      style = Explorer.style(of: number)
    }
  }

  func lines(_ histories: [RunHistory]) -> [Line] {
    if case .measures(let ids) = picture.show { return lines(of: ids, histories.last) }
    return picture.isAgainstRank ? linesAgainstRank(histories) : linesOfRuns(histories)
  }

  /// The measures of one variant.
  private func lines(of ids: [String], _ history: RunHistory?) -> [Line] {
    zip(1..., ids).map { number, id in
      var line = Line(number, picture.names.isEmpty ? id : called(number))
      line.curve = history?.layers[0].measures[id]?[1] ?? Curve()
      line.stop = history.flatMap { stop($0, 1) }
      return line
    }
  }

  private func linesOfRuns(_ histories: [RunHistory]) -> [Line] {
    var lines: [Line] = []
    for (k, run) in scene.runs.enumerated() {
      let history = k < histories.count ? histories[k] : nil
      for i in series(of: run, hasFull: k == 0 && picture.hasFull) {
        var line = Line(i == 0 ? 0 : min(9, lines.count { $0.marker != "F" } + 1), name(i, run: k))
        line.curve = history.flatMap { picture.curve(of: i, in: $0) } ?? Curve()
        line.floor = picture.hasFloors && i > 0 ? history?.layers[0].floors[i] : nil
        line.stop = history.flatMap { stop($0, i) }
        lines.append(line)
      }
    }
    return lines
  }

  private func series(of run: Scene.Run, hasFull: Bool) -> [Int] {
    (hasFull ? [0] : []) + Array(run.scenario.seriesNames.indices.map { $0 + 1 })
  }

  /// What the lesson calls it, with settings in place of their keys.
  private func called(_ number: Int) -> String {
    LessonText(picture.names[number - 1]).filled([:], in: scene)
  }

  func name(_ i: Int, run k: Int) -> String {
    if i == 0 { return "full" }
    let scenario = scene.runs[k].scenario
    let variant = i <= picture.names.count ? called(i) : scenario.seriesNames[i - 1]
    if scene.runs.count == 1 || picture.isAgainstRank { return variant }
    return scenario.variants.count == 1 ? scene.runs[k].name : "\(variant), \(scene.runs[k].name)"
  }

  // MARK: Over the rank

  /// The ranks of the runs, evenly spaced in the picture.
  var ranks: [Int] { Set(scene.runs.map(\.scenario.r)).sorted() }

  private func linesAgainstRank(_ histories: [RunHistory]) -> [Line] {
    series(of: scene.runs[0], hasFull: picture.hasFull).map { i in
      var line = Line(i, name(i, run: 0))
      let values = zip(scene.runs, histories).compactMap { run, history in
        picture.curve(of: i, in: history)?.value(at: picture.step ?? run.scenario.steps).map {
          (place: ranks.firstIndex(of: run.scenario.r) ?? 0, value: $0)
        }
      }
      for point in values.sorted(by: { $0.place < $1.place }) {
        line.curve.append(point.value, at: point.place)
      }
      return line
    }
  }
}

extension LessonPicture {
  fileprivate func curve(of i: Int, in history: RunHistory) -> Curve? {
    switch show {
    case .gap: i == 0 ? nil : history.layers[0].gaps[i]
    case .loss: history.losses[i]
    case .share: history.losses[i].buckets.first.map { history.losses[i].scaled(by: 1 / $0.first) }
    case .test: history.heldOutLosses[i]
    case .measure(let id): history.layers[0].measures[id]?[i]
    case .spectrum, .measures: nil
    }
  }
}
