/// Weights that follow from full fine-tuning's and from hidden series trained beside it.
struct Follower: Sendable {
  let following: Following
  let pretrained: [Matrix]
  let reaches: [Reach]
  private(set) var members: [Series]
  private var followedAt: Int?

  /// - Parameter reaches: of each layer's own adapter: what it keeps frozen, and its rank.
  init(_ following: Following, pretrained: [Matrix], reaches: [Reach], members: [Series]) {
    self.following = following
    self.pretrained = pretrained
    self.reaches = reaches
    self.members = members
  }

  mutating func advance(_ batch: Examples, _ objective: Objective, step: Int) {
    for i in members.indices { members[i].advance(batch, objective, step: step) }
  }

  mutating func change(to rule: any Optimizer) {
    for i in members.indices { members[i].change(to: rule) }
  }

  mutating func dropWorkspace() {
    for i in members.indices { members[i].dropWorkspace(pretrained) }
  }

  /// The first step at which a member was no longer finite.
  var divergedAt: Int? { members.compactMap(\.divergedAt).min() }

  func isBehind(_ step: Int) -> Bool { followedAt != step }

  /// The weights at state `step`, while no member has diverged.
  mutating func weights(_ full: [Matrix], step: Int) throws(LinearAlgebraError) -> [Matrix] {
    followedAt = step
    var weights: [Matrix] = []
    for l in pretrained.indices {
      weights.append(
        try following.weight(
          Following.Sources(
            W0: pretrained[l], reach: reaches[l], full: full[l],
            members: members.indices.map { members[$0].weight(layer: l) })))
    }
    return weights
  }
}
