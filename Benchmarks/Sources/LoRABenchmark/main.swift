LoRABenchmark.main()
