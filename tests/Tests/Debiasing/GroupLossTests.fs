module CausalDebiasing.Tests.Debiasing.GroupLossTests

open System
open Expecto
open TorchSharp
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Tests.Support.Gradients

/// Eight rows of two sites and a ninth alone at a third, in mixed order.
let private sites = [| 0; 1; 0; 1; 2; 0; 1; 0; 1 |]
let private labels = [| 1.; 0.; 0.; 1.; 1.; 1.; 0.; 1.; 1. |]
let private logits = [| 0.3; -1.2; 0.8; 2.1; -0.4; -0.9; 0.2; 1.7; -2.3 |]
let private weights = [| 1.; 2.; 0.5; 1.; 3.; 0.1; 1.; 2.; 0.7 |]

let private batch (weights: float[] option) =
    Batch(
        Values = [||],
        Mask = torch.ones (int64 labels.Length, 1L),
        Patterns = Array.create labels.Length 1,
        Labels = torch.tensor labels,
        Sites = torch.tensor (Array.map int64 sites),
        Weights =
            match weights with
            | None -> null
            | Some weights -> torch.tensor weights
    )

let private crossEntropy y f = -(log (ofClass y (sigmoid f)))

let private members site =
    [ 0 .. sites.Length - 1 ] |> List.filter (fun row -> sites[row] = site)

/// Mean over rows of a value of theirs, by given weights.
let private mean (weights: float[]) value rows =
    (rows |> List.sumBy (fun row -> weights[row] * value row))
    / (rows |> List.sumBy (fun row -> weights[row]))

let private equal = Array.create sites.Length 1.

let private risk weights logits site =
    members site
    |> mean weights (fun row -> crossEntropy labels[row] (Array.item row logits))

let private everySecond first rows =
    rows
    |> List.indexed
    |> List.filter (fun (i, _) -> i % 2 = first)
    |> List.map snd

/// d/ds of the risk of s * logits at s = 1, by central differences.
let private slope weights (logits: float[]) rows =
    let at scale =
        rows |> mean weights (fun row -> crossEntropy labels[row] (scale * logits[row]))

    let h = 1e-3

    (8. * (at (1. + h) - at (1. - h)) - (at (1. + 2. * h) - at (1. - 2. * h)))
    / (12. * h)

let private irmPenalty weights logits =
    [ 0; 1 ]
    |> List.averageBy (fun site ->
        let rows = members site

        slope weights logits (everySecond 0 rows)
        * slope weights logits (everySecond 1 rows))

let private variance values =
    let centre = List.average values
    values |> List.averageBy (fun value -> (value - centre) ** 2.)

let private loss (objective: IGroupLoss) batch progress logit =
    objective.Loss(torch.zeros (int64 labels.Length, 2L), logit, batch, progress)

let private risks weights logits =
    [ 0..2 ] |> List.map (risk weights logits)

/// Two groups of features whose means differ by (1, 2) and of which the second has twice the deviations.
let private small = array2D [ [ 0.; 0. ]; [ 2.; 0. ]; [ 1.; 3. ] ]
let private large = array2D [ [ 0.; 1. ]; [ 4.; 1. ]; [ 2.; 7. ] ]

[<Tests>]
let tests =
    testSequenced
    <| testList "group losses" [
        testCase "GroupDRO weights after two steps are those worked by hand"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let loss = GroupDroLoss(2, fun batch -> batch.Patterns)

            // Logits of 0 cost ln 2; in the first step a row of group 0 that costs c, in the second group 1 alone.
            let step (patterns: int list) (logits: float list) =
                let count = patterns.Length

                let batch =
                    Batch(
                        Values = [||],
                        Mask = torch.ones (int64 count, 1L),
                        Patterns = List.toArray patterns,
                        Labels = torch.ones (int64 count, dtype = torch.float64)
                    )

                loss.Loss(batch.Mask, torch.tensor (List.toArray logits), batch, 0.).ToDouble()

            let c = crossEntropy 1. -3.
            let first = step [ 0; 1; 1 ] [ -3.; 0.; 0. ]
            let q0 = exp (0.01 * c) / (exp (0.01 * c) + exp (0.01 * log 2.))
            Expect.floatClose Accuracy.high loss.Weights[0] q0 "after the first step"
            Expect.floatClose Accuracy.high first (q0 * c + (1. - q0) * log 2.) "loss under the new weights"

            let second = step [ 1 ] [ 0. ]
            let grown = (1. - q0) * exp (0.01 * log 2.)
            let q1 = grown / (grown + q0)
            Expect.floatClose Accuracy.high loss.Weights[1] q1 "after the second step"
            Expect.floatClose Accuracy.high (loss.Weights |> Seq.toArray |> Array.sum) 1. "normalised"
            Expect.floatClose Accuracy.high second (q1 * log 2.) "an absent group adds nothing"

        testCase "IRM's penalty is the product of the scale's derivatives on two halves of a site"
        <| fun () ->
            for weights, given in [ equal, None; weights, Some weights ] do
                use _ = torch.NewDisposeScope()
                let batch = batch given

                check
                    [ labels.Length ]
                    logits
                    (fun logit -> IrmLoss.Penalty(RowGroup.Of sites, logit, batch))
                    (irmPenalty weights)

        testCase "IRM adds 100 penalties after a third of the steps, and divides by 100"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let batch = batch None

            check [ labels.Length ] logits (loss (IrmLoss()) batch 0.3) (fun f ->
                List.average (risks equal f) + irmPenalty equal f)

            check [ labels.Length ] logits (loss (IrmLoss()) batch 0.34) (fun f ->
                List.average (risks equal f) / 100. + irmPenalty equal f)

        testCase "V-REx adds 100 variances of the sites' risks after a third of the steps, and divides by 100"
        <| fun () ->
            for weights, given in [ equal, None; weights, Some weights ] do
                use _ = torch.NewDisposeScope()
                let batch = batch given

                check [ labels.Length ] logits (loss (VRexLoss()) batch 0.) (fun f ->
                    List.average (risks weights f) + variance (risks weights f))

                check [ labels.Length ] logits (loss (VRexLoss()) batch 0.9) (fun f ->
                    List.average (risks weights f) / 100. + variance (risks weights f))

        testCase "CORAL's penalty in closed form"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            // Means (1, 1) and (2, 3). Covariances [1 0; 0 3] and [4 0; 0 12], so that they differ by [3 0; 0 9].
            let expected = (1. + 4.) / 2. + (9. + 81.) / 4.
            let one, two = torch.tensor small, torch.tensor large
            Expect.floatClose Accuracy.high (CoralLoss.Penalty([| one; two |]).ToDouble()) expected "pair"

            let three = CoralLoss.Penalty([| one; two; two |])
            Expect.floatClose Accuracy.high (three.ToDouble()) (2. * expected / 3.) "mean over three pairs"
            Expect.equal (CoralLoss.Penalty([| one |]).ToDouble()) 0. "one site"

        testCase "CORAL adds the penalty to the mean risk of the sites"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let order = Array.append (members 0 |> List.toArray) (members 1 |> List.toArray)
            let features = torch.zeros (int64 labels.Length, 2L, dtype = torch.float64)

            // Sites 0 and 1 have four rows each: the two examples with their means once more.
            let rows = [| 0., 0.; 2., 0.; 1., 3.; 1., 1.; 0., 1.; 4., 1.; 2., 7.; 2., 3. |]

            for row, (a, b) in Array.zip order rows do
                features[int64 row] <- torch.tensor [| a; b |]

            // Three degrees of freedom instead of two: covariances shrink by 2/3.
            let penalty = (1. + 4.) / 2. + (9. + 81.) / 4. * (4. / 9.)
            let actual = CoralLoss().Loss(features, torch.tensor logits, batch None, 0.)

            Expect.floatClose
                Accuracy.high
                (actual.ToDouble())
                (List.average (risks equal logits) + penalty)
                "sum"
    ]
