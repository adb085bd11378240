import Charts

/// All keys, from the table that dispatches them.
func drawHelp(on grid: inout Grid, glyphs: Glyphs) {
  var lines: [(text: String, isBold: Bool)] = [("", false)]
  for group in KeyBinding.Group.allCases {
    lines.append(("  \(group.rawValue)", true))
    for binding in KeyBinding.all where binding.group == group {
      lines.append(("   \(binding.label.padded(12)) \(binding.help)", false))
    }
  }
  lines += [
    ("", false), ("  W is n×m, A n×r, B r×m, Y = X W, W = W0 + s(AB − A0B0)", false),
    ("  gap ‖W_LoRA − W_full‖_F, floor: the least gap within the adapter's reach", false),
  ]
  lines = lines.filter { !$0.text.isEmpty || grid.size.height >= 24 }
  let box = Box(
    "Help", footer: "? or Esc closes · lora-explorer help spec explains runs", width: 76,
    height: lines.count + 2,
    in: grid.size)
  box.draw(on: &grid, glyphs: glyphs)
  for (i, line) in lines.prefix(box.size.height - 2).enumerated() {
    grid.put(
      glyphs.spell(line.text), row: box.row + 1 + i, column: box.column + 1,
      style: line.isBold ? .bold : .plain)
  }
}
