namespace CausalDebiasing.Bench.Planning

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime

/// A sweep as a value: what will be run, and what will not be and why.
type Plan = {
    Cells: PlannedCell list
    /// Cells whose data set is absent, with the reason.
    Skipped: (PlannedCell * string) list
    /// One line for each kind of combination that was left out.
    Notes: string list
}

module Plan =
    let empty = { Cells = []; Skipped = []; Notes = [] }

    /// Both, each cell of an experiment once; what only one could not run is not skipped.
    let append a b =
        let cells = List.distinct (a.Cells @ b.Cells)
        let isThere = System.Collections.Generic.HashSet(cells).Contains

        {
            Cells = cells
            Skipped = List.distinct (a.Skipped @ b.Skipped) |> List.filter (fst >> isThere >> not)
            Notes = List.distinct (a.Notes @ b.Notes)
        }

    let private specifications grid (entry: DatasetEntry) = [
        for rate in grid.MissingRates do
            for mechanism in grid.Mechanisms do
                for strength in grid.MechanismStrengths do
                    for confounding in grid.Confoundings do
                        for signal in grid.Signals do
                            for size in grid.TrainSizes do
                                for seed in grid.Seeds do
                                    entry.Canonical {
                                        Dataset = entry.Name
                                        MissingRate = Some rate
                                        Mechanism = mechanism
                                        MechanismStrength = if mechanism = Mcar then 0. else strength
                                        Confounding = confounding
                                        Signal = signal
                                        TrainSize = size
                                        Unbiased = false
                                        Seed = seed
                                    }
    ]

    /// Why a baseline cannot be had in a variant, if it cannot.
    let private refusal (catalog: Catalog) (baseline, variant) =
        let entry = catalog.Baselines |> List.find (fun entry -> entry.Id = baseline)
        entry.Refusal variant

    /// The baselines that can be run here, and a note for each other.
    let private atHand (catalog: Catalog) baselines =
        let obstacle baseline =
            match catalog.Baselines |> List.find (fun entry -> entry.Id = baseline) |> _.Source with
            | Command obstacle -> obstacle.Value
            | ThisBuild
            | Scored -> None

        let judged = baselines |> List.map (fun baseline -> baseline, obstacle baseline)

        [
            for baseline, obstacle in judged do
                if obstacle.IsNone then
                    yield baseline
        ],
        [
            for baseline, obstacle in judged do
                match obstacle with
                | Some reason -> yield $"{baseline} is skipped: {reason}"
                | None -> ()
        ]

    /// The pairs of baseline and variant that can be had on a data set, in the grid's order, and a note for each kind of
    /// those that cannot.
    let private pairs catalog grid (entry: DatasetEntry) =
        let noSites, variants =
            List.distinct grid.Variants
            |> List.partition (fun variant -> catalog.NeedSites.Contains variant && not entry.HasSites.Value)

        let baselines, skipped = atHand catalog (List.distinct grid.Baselines)

        let pairs, unfit =
            List.allPairs baselines variants
            |> List.map (fun pair -> pair, refusal catalog pair)
            |> List.partition (snd >> Option.isNone)

        let names = List.map Variant.name >> String.concat ", "

        List.map fst pairs,
        [
            yield! skipped

            for (baseline, reason), unfit in unfit |> List.groupBy (fun ((id, _), reason) -> id, reason) do
                yield $"{baseline}: not as {names (List.map (fst >> snd) unfit)}: {Option.get reason}"

            if not noSites.IsEmpty then
                yield
                    $"{entry.Name}: not as {names noSites}, which compare sites, since its training rows come from one."
        ]

    let private candidates (catalog: Catalog) grid baseline =
        let entry = catalog.Baselines |> List.find (fun entry -> entry.Id = baseline)
        List.init grid.Candidates entry.Candidate

    /// The cells of a data set, and a note when there are specifications without a ceiling.
    let private cells catalog experiment grid (entry: DatasetEntry) pairs =
        let specifications = List.distinct (specifications grid entry)
        List.iter entry.Check specifications

        let cell spec (baseline, variant) hyperparameters = {
            Experiment = experiment
            Cell = {
                Data = {
                    spec with
                        Unbiased = Variant.isUnbiased variant
                }
                Baseline = baseline
                Variant = variant
                Hyperparameters = hyperparameters
            }
        }

        let cells, noCeiling =
            List.allPairs specifications pairs
            |> List.partition (fun (spec, (_, variant)) ->
                not (Variant.isUnbiased variant) || entry.HasCeiling spec)

        [
            for spec, pair in cells do
                for hyperparameters in candidates catalog grid (fst pair) do
                    cell spec pair hyperparameters
        ],
        [
            if not noCeiling.IsEmpty then
                $"{entry.Name}: no ceiling for data as they were recorded, which cannot be drawn without bias."
        ]

    let private ofDataset catalog experiment grid (entry: DatasetEntry) =
        let pairs, notes = pairs catalog grid entry
        let planned, noCeiling = cells catalog experiment grid entry pairs
        let notes = notes @ noCeiling

        match entry.Content.Value with
        | Ok _ -> {
            Cells = planned
            Skipped = []
            Notes = notes
          }
        | Error reason -> {
            Cells = []
            Skipped = planned |> List.map (fun cell -> cell, reason)
            Notes = notes @ [ $"Skipped: {reason}" ]
          }

    /// The cells of an experiment's grid. Raises InputException before anything runs when a name is unknown, a
    /// value is out of range, or a data set cannot honour a combination.
    let ofGrid catalog experiment grid =
        Grid.validate catalog grid

        catalog.Datasets
        |> List.filter (fun entry -> List.contains entry.Name grid.Datasets)
        |> List.map (ofDataset catalog experiment grid)
        |> List.fold append empty

    /// The plan, when there is something in it. Raises InputException with the notes otherwise.
    let requireCells plan =
        if plan.Cells.IsEmpty && plan.Skipped.IsEmpty then
            let notes = String.concat " " plan.Notes
            raise (InputException $"Nothing is left to run. {notes}")

        plan

    /// The plan, when every data set in it is there. Raises InputException with the first reason otherwise.
    let requireData plan =
        match plan.Skipped with
        | [] -> plan
        | (_, reason) :: _ -> raise (InputException reason)
