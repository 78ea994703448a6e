module CausalDebiasing.Tests.Worlds.HospitalWorldTests

open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.WorldSupport
open MathNet.Numerics.Statistics

let private setting name =
    (HospitalSetting.tryFind $"hospital-{name}").Value

/// A condition with the strengths that sweeps use unless told.
let private usual name seed = {
    spec $"hospital-{name}" seed with
        MechanismStrength = 0.5
}

let private world name seed =
    HospitalWorld.create (setting name) (usual name seed)

let private groups world condition =
    if condition = InDistribution then
        world.Model.Training
    else
        world.Model.New

let private draw world condition n =
    HospitalWorld.draw world condition (groups world condition) $"sample/{Condition.name condition}" 9 n

let private study name spec =
    (WorldCatalog.tryFind $"hospital-{name}").Value spec

let private near tolerance expected actual what =
    Expect.isLessThan (abs (actual - expected)) tolerance $"{what}: {actual} is not {expected}"

let private cohorts (study: Study) =
    study.Train :: study.Validation :: (study.Tests |> List.map _.Cohort)

let private outcome (sample: HospitalSample) =
    sample.Outcome |> Array.map (fun y -> if y then 1. else 0.)

/// Correlation of the kind with the outcome among patients of a group.
let private link (sample: HospitalSample) group =
    let own =
        Array.init sample.Kinds.Length id
        |> Array.filter (fun i -> sample.States.Groups[i] = group)

    let outcome = outcome sample
    correlation (own |> Array.map (fun i -> sample.Kinds[i])) (own |> Array.map (fun i -> outcome[i]))

/// Largest |correlation| of a modality's absence with the outcome, but for the first.
let private ordered (cohort: Cohort) =
    seq { 1 .. cohort.Modalities.Count - 1 }
    |> Seq.map (fun m -> abs (correlation (missingFlags cohort m) (labels cohort)))
    |> Seq.max

/// Probability that a value of one group is above one of the other, ties counted half.
let private separates (a: float[]) (b: float[]) =
    let ranks =
        Array.append a b |> fun all -> Statistics.Ranks(all, RankDefinition.Average)

    let n, m = float a.Length, float b.Length
    let u = (Array.sum ranks[.. a.Length - 1] - n * (n + 1.) / 2.) / (n * m)
    max u (1. - u)

/// The values of a number of the table, where seen, of patients that a rule picks.
let private values (sample: HospitalSample) m f (picks: int -> bool) = [|
    for row in 0 .. sample.Kinds.Length - 1 do
        if sample.Cohort.IsObserved(row, m) && picks row then
            float (sample.Cohort.Row(m, row)[f])
|]

let private numbers (sample: HospitalSample) = [
    for m in 0 .. sample.Cohort.Modalities.Count - 1 do
        for f in 0 .. sample.Cohort.Modalities[m].Width - 1 do
            m, f
]

/// How well each number tells patients of kind 0 from others.
let private revealed (sample: HospitalSample) =
    numbers sample
    |> List.map (fun (m, f) ->
        separates
            (values sample m f (fun row -> sample.Kinds[row] <= 0.))
            (values sample m f (fun row -> sample.Kinds[row] > 0.)))

[<Tests>]
let tests =
    testList "Worlds.hospital" [
        testCase "the same condition gives the same bits, another seed does not"
        <| fun () ->
            let study seed =
                study "both" {
                    usual "both" seed with
                        TrainSize = Some 500
                }

            let a, b = study 1, study 1
            Expect.isTrue (List.forall2 same (cohorts a) (cohorts b)) "all sets"
            Expect.isFalse (same a.Train (study 2).Train) "another seed"

        testCase "every setting gives a study of its own table, rate and prevalence"
        <| fun () ->
            for setting in HospitalSetting.all do
                let study =
                    (WorldCatalog.tryFind setting.Name).Value {
                        spec setting.Name 3 with
                            TrainSize = Some 1000
                            MissingRate = None
                            MechanismStrength = 0.5
                    }

                Expect.equal
                    (study.Tests |> List.map _.Condition)
                    (if setting.IsUnchanged then
                         [ "id"; "do" ]
                     else
                         [ "id"; "do"; "reversed" ])
                    setting.Name

                let patients =
                    cohorts study |> List.collect (fun c -> List.ofArray (c.Patients.ToArray()))

                Expect.equal (List.length (List.distinct patients)) patients.Length "patients are unique"
                near 0.03 setting.Prevalence study.Tests.Head.Cohort.Prevalence $"{setting.Name}, prevalence"

                Expect.equal
                    study.Train.SiteNames.Count
                    (match setting.Grouping with
                     | _ when not setting.SitesAreKnown -> 1
                     | Hospitals count -> count
                     | Diagnoses -> HospitalTable.diagnoses)
                    $"{setting.Name}, sites"

                for cohort in cohorts study do
                    near 0.002 0.3 cohort.MissingRate $"{setting.Name}, missing rate"
                    let first = Array.average (missingFlags cohort 0)
                    Expect.isLessThan first 0.025 "the first modality is nearly always there"

                    Expect.isTrue
                        (cohort.Modalities.Count >= 6 && cohort.Modalities.Count <= 9)
                        "6 to 9 modalities"

        testCase
            "sizes are the setting's own unless asked, with fewer validation rows for fewer training rows"
        <| fun () ->
            let sizes name =
                let study = study name (usual name 1)
                study.Train.Count, study.Validation.Count

            Expect.equal (sizes "null-small") (1000, 300) "small"
            Expect.equal (sizes "one-hot") (9000, 1500) "large"

        testCase "a prevalence is met from 3 to 50 %"
        <| fun () ->
            for prevalence in [ 0.03; 0.1; 0.5 ] do
                let world =
                    HospitalWorld.create
                        {
                            setting "null" with
                                Prevalence = prevalence
                        }
                        (usual "null" 4)

                near 0.012 prevalence (draw world InDistribution 10_000).Cohort.Prevalence "prevalence"

        testCase "missing rates are met, and one that cannot be is an input mistake"
        <| fun () ->
            for rate in [ 0.; 0.15; 0.6 ] do
                let spec = {
                    usual "both" 1 with
                        MissingRate = Some rate
                        TrainSize = Some 500
                }

                for cohort in cohorts (study "both" spec) do
                    near 0.004 rate cohort.MissingRate "rate"

            Expect.throwsT<InputException>
                (fun () ->
                    study "both" {
                        usual "both" 1 with
                            MissingRate = Some 0.95
                    }
                    |> ignore)
                "too many"

        testCase "kinds go with the outcome more in some hospitals than in others, everywhere with one sign"
        <| fun () ->
            for name in [ "factor"; "three"; "continuous" ] do
                let sample = draw (world name 5) InDistribution 20_000
                let links = [ for group in 0..4 -> link sample group ]
                Expect.isTrue (List.forall (fun r -> r > 0.) links) $"{name}: one sign"
                Expect.isGreaterThan (List.max links) (3. * List.min links) $"{name}: strength"

                for group in 0..4 do
                    near 0.05 0. (link (draw (world name 5) Interventional 20_000) group) "do"

                    Expect.isLessThan (link (draw (world name 5) Reversed 10_000) group) -0.2 "reversed"

        testCase "two practices have nothing to do with each other given outcome and hospital"
        <| fun () ->
            let sample = draw (world "two-practices" 5) InDistribution 20_000

            let own =
                Array.init 20_000 id
                |> Array.filter (fun i -> sample.Outcome[i] && sample.States.Groups[i] = 2)

            let first = own |> Array.map (fun i -> sample.Kinds[i] % 2.)
            let second = own |> Array.map (fun i -> floor (sample.Kinds[i] / 2.))
            near 0.08 0. (correlation first second) "independent"

        testCase
            "without kappa kinds are independent of the outcome, without strength and severity so is what is missing"
        <| fun () ->
            let none =
                HospitalWorld.create { setting "both" with Severity = 0. } {
                    usual "both" 6 with
                        Confounding = 0.
                        MechanismStrength = 0.
                }

            let sample = draw none InDistribution 20_000

            for group in 0..4 do
                near 0.05 0. (link sample group) "kinds"

            Expect.isLessThan (ordered sample.Cohort) 0.03 "missing"

        testCase "suspicion orders tests in training and not in do, and the other way around in reversed"
        <| fun () ->
            let world = world "ordering" 7
            let id = (draw world InDistribution 10_000).Cohort
            let reversed = (draw world Reversed 10_000).Cohort
            Expect.isGreaterThan (ordered id) 0.2 "id"
            Expect.isLessThan (ordered (draw world Interventional 10_000).Cohort) 0.04 "do"

            let association (cohort: Cohort) m =
                correlation (missingFlags cohort m) (labels cohort)

            for m in 1..8 do
                Expect.isLessThan (association id m * association reversed m) 0. "opposite signs"

        testCase "a protocol goes by the kind"
        <| fun () ->
            let strongest condition =
                let sample = draw (world "practice" 7) condition 10_000

                [
                    for m in 1..8 -> abs (correlation (missingFlags sample.Cohort m) sample.Kinds)
                ]
                |> List.max

            Expect.isGreaterThan (strongest InDistribution) 0.2 "id"
            Expect.isLessThan (strongest Interventional) 0.04 "do"

        testCase "knowledge stays knowledge in new hospitals"
        <| fun () ->
            let study = study "knowledge" (usual "knowledge" 8)

            for test in study.Tests do
                Expect.isGreaterThan (ordered test.Cohort) 0.2 test.Condition

            let newNames = study.Tests[1].Cohort.SiteNames |> Set.ofSeq

            Expect.isEmpty (Set.intersect newNames (Set.ofSeq study.Train.SiteNames)) "new hospitals"

        testCase "unbiased training has the same hospitals and tests, and no link"
        <| fun () ->
            let biased = study "both" (usual "both" 9)
            let unbiased = study "both" { usual "both" 9 with Unbiased = true }

            Expect.isTrue
                (List.forall2 (fun a b -> same a.Cohort b.Cohort) biased.Tests unbiased.Tests)
                "tests"

            Expect.sequenceEqual unbiased.Train.SiteNames biased.Train.SiteNames "hospitals"
            Expect.equal (labels unbiased.Train) (labels biased.Train) "patients"
            Expect.isGreaterThan (ordered biased.Train) 0.2 "biased"
            Expect.isLessThan (ordered unbiased.Train) 0.06 "unbiased"

            let nothing = {
                usual "null" 9 with
                    TrainSize = Some 500
            }

            Expect.isTrue
                (same (study "null" nothing).Train (study "null" { nothing with Unbiased = true }).Train)
                "with nothing to undo they are the same"

        testCase "no number alone tells the kind"
        <| fun () ->
            for setting in HospitalSetting.all |> List.filter HospitalSetting.hasPractice do
                for seed in [ 1; 2 ] do
                    let world = HospitalWorld.create setting (usual "both" seed)
                    let worst = draw world InDistribution 4000 |> revealed |> List.max
                    Expect.isLessThan worst 0.95 $"{setting.Name}, seed {seed}"

        testCase "kinds differ in several modalities"
        <| fun () ->
            for name in [ "shift"; "factor"; "codes" ] do
                let sample = draw (world name 2) Interventional 6000

                let modalities =
                    List.zip (numbers sample) (revealed sample)
                    |> List.filter (fun (_, auroc) -> auroc > 0.6)
                    |> List.map (fst >> fst)
                    |> List.distinct

                Expect.isGreaterThan modalities.Length 2 name

        testCase "coarse devices leave the means"
        <| fun () ->
            let sample = draw (world "rounding" 2) Interventional 20_000

            for m, f in numbers sample do
                let coarse = values sample m f (fun row -> sample.Kinds[row] = 1.)
                let fine = values sample m f (fun row -> sample.Kinds[row] = 0.)
                let sd = Statistics.StandardDeviation fine
                near 0.08 0. ((Array.average coarse - Array.average fine) / sd) $"modality {m}, {f}"

        testCase "a subtype is a cause whose effect differs by hospital"
        <| fun () ->
            let sample = draw (world "subtype" 2) InDistribution 20_000
            let links = [ for group in 0..4 -> link sample group ]
            Expect.isGreaterThan (List.max links - List.min links) 0.1 "effects"
            near 0.02 HospitalModel.subtypeShare (Array.average sample.Kinds) "share"

        testCase "effects differ by hospital where a setting says so"
        <| fun () ->
            let effects name =
                (world name 2).Model.Training |> Array.map _.Effects

            Expect.all (effects "null") (Array.forall ((=) 1.)) "none"
            let different = effects "effects"
            Expect.notEqual different[0] different[1] "different"

        testCase "diagnoses are sites and columns"
        <| fun () ->
            let cohort = (draw (world "one-hot" 2) InDistribution 2000).Cohort

            for row in 0..1999 do
                if cohort.IsObserved(row, 0) then
                    Expect.equal (cohort.Row(0, row)[cohort.Sites[row]]) 1f "diagnosis"

        testCase "binary tables are 0 or 1"
        <| fun () ->
            let cohort = (draw (world "binary" 2) InDistribution 1000).Cohort

            for m in 0..8 do
                Expect.all (cohort.Values(m).ToArray()) (fun v -> v = 0f || v = 1f) "0 or 1"

        testCase
            "conditions that a setting does not depend on are at rest, and sites are known where they are"
        <| fun () ->
            let catalog =
                Suite.catalog {
                    Root = None
                    Cache = None
                    Report = ignore
                }

            let entry name =
                catalog.Datasets |> List.find (fun entry -> entry.Name = $"hospital-{name}")

            let canonical name = (entry name).Canonical(usual name 1)
            Expect.equal (canonical "both") (usual "both" 1) "both"
            Expect.equal (canonical "factor").MechanismStrength 0. "no suspicion"
            Expect.equal (canonical "ordering").Confounding 0. "no practice"
            Expect.isFalse (entry "no-sites").HasSites.Value "no sites"
            Expect.isTrue (entry "both").HasSites.Value "sites"
    ]
