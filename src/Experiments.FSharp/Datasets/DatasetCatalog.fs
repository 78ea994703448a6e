namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Bench.Worlds

/// A real data set that experiments can name.
type Dataset = {
    /// As in `DataSpec.Dataset`.
    Name: string
    Title: string
    Licence: string
    /// Whether `DataSpec.Unbiased` can be asked for; false where the truth is unknown.
    CanBeUnbiased: bool
    /// Whether its files are under the root.
    Status: string option -> DatasetStatus
    /// Stable SHA-256 of the data for cell ids; parses the data unless they are cached.
    ContentHash: DataAccess -> string
    /// Aggregate description of the default cohort.
    Card: DataAccess -> CohortCard
    Study: DataAccess -> DataSpec -> Study
}

module DatasetCatalog =
    let private physioNet2012 =
        let requirement = PhysioNet2012Files.requirement PhysioNet2012.defaults.Sets

        let load access =
            PhysioNet2012.load access PhysioNet2012.defaults

        {
            Name = requirement.Name
            Title = requirement.Title
            Licence = requirement.Licence
            CanBeUnbiased = false
            Status = fun root -> DataRoot.status root requirement
            ContentHash = load >> _.ContentHash
            Card = load >> _.Card
            Study = PhysioNet2012Study.study
        }

    let all = [ physioNet2012 ]

    let names = all |> List.map _.Name

    let tryFind name =
        all |> List.tryFind (fun dataset -> dataset.Name = name)
