module CausalDebiasing.Tests.Measures.CoverageTests

open Expecto
open CausalDebiasing.Tests.Support

[<Tests>]
let tests =
    testList "coverage" [
        testCase
            "95 % intervals over patients hold the truth about as often, also where patients have several rows"
        <| fun () ->
            let dataSets = 200
            // Four standard errors of 95 % around it, and what the small samples cost.
            let margin = 4. * sqrt (0.95 * 0.05 / float dataSets)

            for patients, rowsEach in [ 400, 1; 200, 3 ] do
                for name, share in CoverageMeasurement.shares dataSets patients rowsEach do
                    Expect.isGreaterThan share (0.945 - margin) $"{name}, {rowsEach} rows each: too short"
    ]
