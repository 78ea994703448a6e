module CausalDebiasing.Tests.Cohorts.PowerTransformTests

open System
open System.IO
open System.Text.Json
open Expecto
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Tests.Support
open MathNet.Numerics.Distributions
open MathNet.Numerics.Statistics

/// Normal numbers, the same ones for a seed.
let private normals seed count =
    let random = Random(seed: int)
    Array.init count (fun _ -> Normal.Sample(random, 0.0, 1.0))

/// The number whose Yeo-Johnson transform with a power is the given one.
let private inverse power moved =
    if moved >= 0.0 then
        Math.Pow(1.0 + power * moved, 1.0 / power) - 1.0
    else
        1.0 - Math.Pow(1.0 - (2.0 - power) * moved, 1.0 / (2.0 - power))

/// Rows of one modality that is always there, a column per array.
let private columns (values: float32[][]) =
    let rows = values[0].Length

    Cohort(
        [| Modality.Tabular("x", values.Length) |],
        [|
            [|
                for row in 0 .. rows - 1 do
                    for column in values -> column[row]
            |]
        |],
        Array.create rows true,
        Array.init rows (fun row -> float32 (row % 2)),
        Array.zeroCreate rows,
        [| "a" |],
        Array.init rows int64
    )

let private transform (values: float[]) =
    ColumnPowers.Of(Collections.Generic.List(Array.map float32 values))

let private isLeft (values: float[]) = isNull (transform values)

let private power (values: float[]) =
    match transform values with
    | null -> 1.0
    | found -> found.Power

let private standardised (cohort: Cohort) =
    Standardiser.Fit(cohort).Apply(cohort).Values(0).ToArray()

let private skewness (values: float32[]) =
    ArrayStatistics.Mean(values |> Array.map (fun z -> float z ** 3.0))

[<Tests>]
let tests =
    Trained.tests "power transform" [
        for known in [ 0.3; 0.5; 1.7 ] do
            testCase $"finds a power of {known}"
            <| fun () ->
                let values = normals 1 4000 |> Array.map (fun z -> inverse known (0.8 * z))
                Expect.isLessThan (abs (power values - known)) 0.15 "power"

        testCase "finds the logarithm of large lognormal values"
        <| fun () ->
            let values = normals 2 4000 |> Array.map (fun z -> exp (8.0 + z))
            Expect.isLessThan (abs (power values)) 0.1 "power"

        testCase "is the transform of Yeo and Johnson up to shift and scale"
        <| fun () ->
            let yeoJohnson power x =
                if x >= 0.0 then
                    (Math.Pow(1.0 + x, power) - 1.0) / power
                else
                    -(Math.Pow(1.0 - x, 2.0 - power) - 1.0) / (2.0 - power)

            for power in [ -1.5; 0.4; 3.2 ] do
                for centre in [ -3.0; 0.0; 5.0 ] do
                    let own = PowerTransform(power, centre)

                    let slope =
                        (yeoJohnson power (centre + 1e-5) - yeoJohnson power (centre - 1e-5)) / 2e-5

                    for x in [ -7.0; -0.2; 0.0; 0.3; 9.0 ] do
                        let expected = (yeoJohnson power x - yeoJohnson power centre) / slope

                        Expect.isLessThan
                            (abs (own.Of x - expected))
                            (1e-6 * (1.0 + abs expected))
                            $"{power} {centre} {x}"

        testCase "keeps the order of values"
        <| fun () ->
            for power in [ -2.0; 0.0; 0.7; 2.0; 4.0 ] do
                for centre in [ -100.0; 0.0; 2.0; 1e4 ] do
                    let own = PowerTransform(power, centre)

                    for below, above in List.pairwise [ -1e6; -50.0; -1.0; 0.0; 1e-3; 1.0; 50.0; 1e6 ] do
                        Expect.isGreaterThanOrEqual
                            (own.Of above)
                            (own.Of below)
                            $"{power} {centre} {below} {above}"

        testCase "makes skewed columns symmetric"
        <| fun () ->
            let values = normals 3 3000 |> Array.map (fun z -> float32 (exp (4.0 + z)))
            let cohort = columns [| values; values |> Array.map (fun x -> -x) |]
            let result = standardised cohort

            for column in 0..1 do
                let own = Array.init 3000 (fun row -> result[2 * row + column])
                Expect.isLessThan (abs (skewness own)) 0.3 "skewness"
                Expect.isLessThan (abs (ArrayStatistics.Mean(Array.map float own))) 1e-3 "mean"

                Expect.isLessThan
                    (abs (ArrayStatistics.StandardDeviation(Array.map float own) - 1.0))
                    1e-2
                    "deviation"

        testCase "leaves normal, 0/1, constant and few values alone"
        <| fun () ->
            for seed in 1..20 do
                for count in [ 10; 100; 2000 ] do
                    Expect.isTrue (isLeft (normals seed count)) $"{count} normal values"

            Expect.isTrue (isLeft (Array.init 1000 (fun i -> if i % 20 = 0 then 1.0 else 0.0))) "0/1"
            Expect.isTrue (isLeft (Array.create 1000 7.0)) "constant"
            Expect.isTrue (isLeft [| 1.0; 2.0; 1000.0 |]) "three values"
            Expect.isTrue (isLeft [||]) "none"

        testCase "leaves normal values alone because of one error of recording"
        <| fun () ->
            let values = normals 4 1000
            values[17] <- 1e9
            Expect.isTrue (isLeft values) "999 of 1000 are normal"

        testCase "standardises normal columns to the same bits as without it"
        <| fun () ->
            let cohort =
                columns [| Array.map float32 (normals 5 500); Array.map float32 (normals 6 500) |]

            let without = Standardiser.Fit(cohort, InputScale.Standardised).Apply cohort
            Expect.equal (standardised cohort) (without.Values(0).ToArray()) "values"

        testCase "stays finite for extreme values"
        <| fun () ->
            let lognormal scale =
                normals 7 800 |> Array.map (fun z -> float32 (exp (scale * z)))

            let huge = lognormal 25.0

            for values in [ huge; Array.map (fun x -> -x) huge; lognormal 0.01; lognormal 5.0 ] do
                let bounded = values |> Array.map (fun x -> Math.Clamp(x, -3e38f, 3e38f))
                let result = standardised (columns [| bounded |])
                Expect.all result Single.IsFinite "finite"

                for (below, z), (above, zAbove) in Array.zip bounded result |> Array.sort |> Array.pairwise do
                    if above > below then
                        Expect.isGreaterThanOrEqual zAbove z "order"

        testCase "missing entries become the mean"
        <| fun () ->
            let values = normals 8 400 |> Array.map (fun z -> float32 (exp z))
            values[3] <- nanf
            let cohort = columns [| values |]
            Expect.isNotNull (Standardiser.Fit(cohort).Powers[0].[0]) "transformed"
            Expect.equal (standardised cohort).[3] 0f "the mean"

        testCase "a series has one transform per channel, of training rows only"
        <| fun () ->
            let skewed = normals 9 3000 |> Array.map (fun z -> float32 (exp z))
            let normal = normals 10 3000 |> Array.map float32

            let cohort values =
                Cohort(
                    [| Modality.Series("vitals", 10, 2); Modality.Codes("codes", 1, 9) |],
                    [| values; Array.init 300 (fun row -> float32 (row % 9)) |],
                    Array.create 600 true,
                    Array.init 300 (fun row -> float32 (row % 2)),
                    Array.zeroCreate 300,
                    [| "a" |],
                    Array.init 300 int64
                )

            let train =
                cohort (Array.init 6000 (fun i -> if i % 2 = 0 then skewed[i / 2] else normal[i / 2]))

            let fitted = Standardiser.Fit train
            Expect.isNotNull fitted.Powers[0].[0] "skewed channel"
            Expect.isNull fitted.Powers[0].[1] "normal channel"
            Expect.isEmpty fitted.Powers[1] "codes"
            let before = JsonSerializer.Serialize fitted
            fitted.Apply(cohort (Array.replicate 6000 1e6f)) |> ignore
            Expect.equal (JsonSerializer.Serialize fitted) before "other rows change nothing"

        testCase "a text of it gives the same bits, and one without it is read as none"
        <| fun () ->
            let cohort = columns [| normals 11 500 |> Array.map (fun z -> float32 (exp z)) |]
            let text = JsonSerializer.Serialize(Standardiser.Fit cohort)
            let read = JsonSerializer.Deserialize<Standardiser> text |> nonNull
            Expect.equal (read.Apply(cohort).Values(0).ToArray()) (standardised cohort) "bits"

            let old =
                """{"Means":[[1]],"Deviations":[[2]]}"""
                |> JsonSerializer.Deserialize<Standardiser>
                |> nonNull

            Expect.equal
                (old.Apply(cohort).Values(0)[0])
                ((cohort.Values(0)[0] - 1f) / 2f)
                "mean 1, deviation 2"

        testCase "a checkpoint keeps it, and a fit can do without"
        <| fun () ->
            let cohort =
                columns [| normals 12 600 |> Array.map (fun z -> float32 (exp (1.5 * z))) |]

            let fit scale =
                let predictor = Toy.create "zero-fill-mlp"

                predictor.Fit(
                    cohort,
                    cohort,
                    FitContext(Seed = Toy.seed 0, InputScale = scale, MostEpochs = 2)
                )

                predictor

            use fitted = fit InputScale.PowerTransformed
            use stream = new MemoryStream()
            fitted.Save stream
            stream.Position <- 0L
            use restored = Toy.create "zero-fill-mlp"
            restored.Load stream
            let own = fitted.PredictProbability cohort
            Expect.equal (restored.PredictProbability cohort) own "bits"
            use other = fit InputScale.Standardised
            Expect.notEqual (other.PredictProbability cohort) own "other inputs"
    ]
