extension Variant {
  package static let oLoRA = Variant(
    id: "olora",
    title: "OLoRA, factors from W0's QR decomposition",
    equation: "W0ᵀ = QR:  A0 = (R_1:r)ᵀ,  B0 = (Q_:,1:r)ᵀ,  B0B0ᵀ = I",
    source: "Büyükakyüz 2024, arXiv 2406.01775",
    attach: { (site, _) throws(LinearAlgebraError) in
      let qr = try QR(site.W0.transposed)
      return site.attachment(
        (qr.R.rows(0..<site.rank).transposed, qr.Q.columns(0..<site.rank).transposed))
    })
}
