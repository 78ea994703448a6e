namespace CausalDebiasing.Bench.Exchange

open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Runtime

/// A data condition as study.json has it.
type StudyCondition = {
    Dataset: string
    MissingRate: float option
    Mechanism: string
    MechanismStrength: float
    Confounding: float
    Signal: float
    TrainSize: int option
    Unbiased: bool
    Seed: int
}

/// A file of rows that probabilities are asked for.
type StudyRequest = {
    File: string
    Rows: int
    /// "validation", "test" or "pattern-check".
    Purpose: string
    /// Of a test, for example "do"; else empty.
    Condition: string
}

/// The columns of a modality.
type StudyModality = {
    Name: string
    /// "tabular", "series" or "codes".
    Kind: string
    /// Features, channels or size of the vocabulary.
    Width: int
    /// Steps or slots; 1 for tabular.
    Length: int
    /// Column that says whether it was measured.
    Observed: string
    /// Columns with the values, step by step for a series.
    Values: string list
}

/// What study.json says.
type StudyFile = {
    Format: string
    Version: int
    /// Hash of the study.
    Study: string
    Variant: string
    Condition: StudyCondition
    /// For the model's own random draws.
    FitSeed: int
    /// Whether the rows are those of patients.
    HoldsPatients: bool
    /// File with the rows to learn from.
    Train: string
    /// File with the rows to select by.
    Validation: string
    /// Files with the rows that one prediction each is asked for.
    Predict: StudyRequest list
    Modalities: StudyModality list
    /// What the other columns mean.
    Columns: Map<string, string>
}

module StudyFile =
    let name = "study.json"
    let private format = "causaldebias-study"
    let private version = 1

    let private columns =
        Map [
            "row", "key of the row; a prediction names it"
            "outcome", "0 or 1; in train and validation only"
            "patient", "number of the patient within the file"
            "site", "where the patient was treated; in train and validation only"
            "weight", "weight of the row for a model that takes no offset"
            "offset",
            "known part of the logit, which the model adds while it learns and leaves out when it predicts"
            "offset_weight", "weight of the row for a model that takes the offset"
        ]

    /// The description of a study with these files.
    let describe (data: DataSpec) variant (study: string) holdsPatients train validation predict modalities = {
        Format = format
        Version = version
        Study = study
        Variant = Variant.name variant
        Condition = {
            Dataset = data.Dataset
            MissingRate = data.MissingRate
            Mechanism = Mechanism.name data.Mechanism
            MechanismStrength = data.MechanismStrength
            Confounding = data.Confounding
            Signal = data.Signal
            TrainSize = data.TrainSize
            Unbiased = data.Unbiased
            Seed = data.Seed
        }
        FitSeed = (Seed(uint64 data.Seed).Derive "fit").ToInt32()
        HoldsPatients = holdsPatients
        Train = train
        Validation = validation
        Predict = predict
        Modalities = modalities
        Columns = columns
    }

    /// The data condition of a description. Raises InputException for a mechanism that does not exist.
    let data (study: StudyFile) : DataSpec = {
        Dataset = study.Condition.Dataset
        MissingRate = study.Condition.MissingRate
        Mechanism = Grid.mechanism name study.Condition.Mechanism
        MechanismStrength = study.Condition.MechanismStrength
        Confounding = study.Condition.Confounding
        Signal = study.Condition.Signal
        TrainSize = study.Condition.TrainSize
        Unbiased = study.Condition.Unbiased
        Seed = study.Condition.Seed
    }

    let write folder (study: StudyFile) =
        AtomicFile.write (Path.Combine(folder, name)) (fun partial ->
            File.WriteAllText(partial, JsonSerializer.Serialize(study, JsonDialect.published))
            OwnerOnly.file partial)

    /// Raises InputException when the file is none.
    let read (path: string) : StudyFile =
        let refuse () =
            raise (InputException $"'{path}' is no description of an exported study: export it again.")

        try
            match
                JsonSerializer.Deserialize(File.ReadAllText path, typeof<StudyFile>, JsonDialect.published)
            with
            | :? StudyFile as study when
                study.Format = format
                && study.Version = version
                && not (isNull (box study.Condition))
                && not (isNull (box study.Variant))
                && not (isNull (box study.Study))
                && study.Study.Length = Sha256.digits
                ->
                study
            | _ -> refuse ()
        with :? JsonException ->
            refuse ()

    /// Descriptions in a folder, or in its folders, with the folder of each, ordered. Raises InputException when there is none.
    let readAll (folder: string) =
        let own = Path.Combine(folder, name)

        let files =
            if File.Exists own then
                [ own ]
            elif Directory.Exists folder then
                Directory.GetDirectories folder
                |> Array.map (fun inner -> Path.Combine(inner, name))
                |> Array.filter File.Exists
                |> Array.sort
                |> List.ofArray
            else
                []

        if files.IsEmpty then
            raise (
                InputException
                    $"'{folder}' holds no exported study: there is no {name} in it or in its folders; make one with 'export'."
            )

        [ for file in files -> string (Path.GetDirectoryName file), read file ]
