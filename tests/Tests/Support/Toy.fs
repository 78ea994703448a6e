module CausalDebiasing.Tests.Support.Toy

open System
open CausalDebiasing.Cohorts
open CausalDebiasing.Catalogue
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

/// What a toy cohort looks like; the outcome shifts every feature of every modality.
type Toy = {
    Modalities: Modality list
    Rows: int
    /// Mean difference between the classes, in standard deviations of one feature.
    Shift: float
    Missing: float
    Seed: int
}

let tabular count =
    List.init count (fun m -> Modality.Tabular($"m{m}", 5))

let standard = {
    Modalities = tabular 3
    Rows = 600
    Shift = 1.5
    Missing = 0.3
    Seed = 1
}

let private gaussian (random: Random) =
    sqrt (-2.0 * log (1.0 - random.NextDouble()))
    * cos (2.0 * Math.PI * random.NextDouble())

let private entry (random: Random) (modality: Modality) shift label =
    match modality.Kind with
    | ModalityKind.Codes ->
        let half = max 1 (modality.Width / 2)
        let own = 1 + random.Next half + (if label > 0.5f then modality.Width - half else 0)
        if random.NextDouble() < 0.3 then 0f else float32 own
    | _ -> float32 (gaussian random + shift * float (label - 0.5f))

/// Draws the cohort: four sites, one row per patient.
let cohort toy =
    let random = Random(Seed(uint64 toy.Seed).Derive("toy").ToInt32())
    let count = toy.Modalities.Length
    let labels = Array.init toy.Rows (fun i -> float32 (i % 2))

    let mask =
        Array.init (toy.Rows * count) (fun _ -> random.NextDouble() >= toy.Missing)

    for row in 0 .. toy.Rows - 1 do
        if not (Array.exists id mask[row * count .. row * count + count - 1]) then
            mask[row * count + random.Next count] <- true

    let values = [|
        for modality in toy.Modalities ->
            Array.init (toy.Rows * modality.Size) (fun i ->
                entry random modality toy.Shift labels[i / modality.Size])
    |]

    Cohort(
        List.toArray toy.Modalities,
        values,
        mask,
        labels,
        Array.init toy.Rows (fun i -> i / 2 % 4),
        [| "a"; "b"; "c"; "d" |],
        Array.init toy.Rows int64
    )

/// What the verb "matrix" adds to seeds of fits.
let private seedShift =
    match Environment.GetEnvironmentVariable "CAUSALDEBIAS_TEST_SEED_SHIFT" with
    | null
    | "" -> 0
    | shift -> int shift

let seed number = Seed(uint64 (number + seedShift))

let context number = FitContext(Seed = seed number)

let catalog =
    BaselineCatalog.Discover(typeof<CausalDebiasing.Baselines.ZeroFillMlp>.Assembly)

let baselineIds = [ for baseline in catalog -> baseline.Info.Id ]

let create (id: string) = catalog.Find(id).Create()

/// Train, validation and test draws of the same toy.
let draws toy =
    cohort toy, cohort { toy with Seed = toy.Seed + 1000 }, cohort { toy with Seed = toy.Seed + 2000 }

/// The cohort of a toy in which modality 1 is observed in 80 % of the rows with the outcome and 30 % of those without.
let outcomeLinked toy =
    let complete = cohort { toy with Missing = 0.0 }
    let random = Random(toy.Seed + 4)

    complete.WithMask [|
        for row in 0 .. complete.Count - 1 do
            for m in 0 .. complete.Modalities.Count - 1 ->
                m <> 1 || random.NextDouble() < (if complete.Labels[row] > 0f then 0.8 else 0.3)
    |]
