namespace CausalDebiasing.Bench.Cli.Faults

open System
open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Exchange
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

/// Something that reads files of people and of other programs, which may hold anything.
type Reader = {
    Name: string
    /// Of a thousand inputs of all kinds.
    Share: int
    /// Writes whole files into an empty folder; gives the one to damage.
    Write: Setting -> string -> string
    Damage: Random -> string -> unit
    /// Reads the file where it was written. Raises InputException for what is not right.
    Read: string -> unit
}

module Reader =
    let private access root : DataAccess = {
        Root = root
        Cache = None
        Report = ignore
    }

    let private folder (file: string) = string (Path.GetDirectoryName file)

    let private load (dataset: Dataset) = dataset.Load(access None) |> ignore

    let private loadBeside file =
        load (ManifestDataset.ofFile (Path.Combine(folder file, "table.json")))

    /// What is read as text.
    let private text name share write read = {
        Name = name
        Share = share
        Write = fun _ -> write
        Damage = Mutation.textFile
        Read = read
    }

    let private described convert folder =
        let file = convert (SampleFiles.table folder)
        SampleFiles.manifest folder file |> ignore
        file

    /// The table that a compressed file holds is damaged as often as the file itself.
    let private damageCompressed (random: Random) (file: string) =
        if random.Next 2 = 0 then
            Mutation.binaryFile random file
        else
            let table = string (Path.ChangeExtension(file, null))
            Mutation.textFile random table
            SampleFiles.compressed table |> ignore

    let private loadChallenge file =
        let rec rootOf (folder: string) =
            if Path.GetFileName folder = "physionet2012" then
                string (Path.GetDirectoryName folder)
            else
                rootOf (string (Path.GetDirectoryName folder))

        PhysioNet2012.load (access (Some(rootOf (folder file)))) PhysioNet2012.defaults
        |> ignore

    let private loadYaib file =
        YaibDataset.tryFolder (folder file) |> Option.iter load

    /// A file of the finished run, under its name.
    let private ofRun find setting folder =
        let file: string = find setting.Finished
        let copy = Path.Combine(folder, Path.GetRelativePath(setting.Finished, file))
        Directory.CreateDirectory(string (Path.GetDirectoryName copy)) |> ignore
        File.Copy(file, copy)
        copy

    /// Damages what is under a checksum, but for the brace at its end, and makes the checksum hold again.
    let private damageSealed random file =
        match Checksum.unseal (File.ReadAllText file) with
        | Ok json ->
            let damaged = Mutation.text random (json.Substring(0, json.Length - 1))
            File.WriteAllText(file, Checksum.seal (damaged + "}"))
        | Error reason -> invalidOp reason

    let private work setting folder =
        let plan = PlanFile.read setting.Finished
        let file = Path.Combine(folder, "work.json")
        File.WriteAllText(file, Json.write plan.Plan.Cells.Head.Cell)
        file

    let private study setting folder =
        let spec = (PlanFile.read setting.Finished).Plan.Cells.Head.Cell.Data

        let modality = {
            Name = "age"
            Kind = "tabular"
            Width = 1
            Length = 1
            Observed = "age_observed"
            Values = [ "age" ]
        }

        let request = {
            File = "test.csv"
            Rows = 10
            Purpose = "test"
            Condition = "id"
        }

        StudyFile.describe spec Variant.plain (String('a', Sha256.digits)) true "train.csv" "validation.csv" [
            request
        ] [ modality ]
        |> StudyFile.write folder

        Path.Combine(folder, StudyFile.name)

    let private cohort folder =
        let loaded =
            (ManifestDataset.ofFile (SampleFiles.manifest folder (SampleFiles.table folder)))
                .Load(access None)

        let file = Path.Combine(folder, "stored.cohort")
        use stream = File.Create file

        CohortFile.write stream {
            Cohort = loaded.Cohort
            Attributes = Map.empty.Add("content", loaded.ContentHash)
        }

        file

    let private readCohort file =
        match CohortFile.read file with
        | Error _ -> ()
        | Ok _ -> failwith "a damaged cohort is believed"

    let private readWork file =
        try
            Json.read<Cell>(File.ReadAllText file) |> ignore
        with :? JsonException ->
            ()

    let all = [
        text
            "manifest"
            150
            (fun folder -> SampleFiles.manifest folder (SampleFiles.table folder))
            (ManifestDataset.ofFile >> load)
        text "table" 150 (described id) loadBeside
        {
            text "table in gzip" 40 (described SampleFiles.compressed) loadBeside with
                Damage = damageCompressed
        }
        {
            text "table in Parquet" 20 (described SampleFiles.parquet) loadBeside with
                Damage = Mutation.binaryFile
        }
        text "table without a manifest" 50 SampleFiles.table (fun file ->
            ManifestDraft.ofTable file None |> ignore)
        text "outcomes of PhysioNet 2012" 40 (SampleFiles.challenge >> fst) loadChallenge
        text "record of PhysioNet 2012" 50 (SampleFiles.challenge >> snd) loadChallenge
        text "measurements of YAIB" 30 SampleFiles.yaib loadYaib
        text "predictions" 50 SampleFiles.predictions (List.singleton >> PredictionFile.readAll >> ignore)
        text "task of ACES" 40 SampleFiles.task (AcesTaskFile.read >> ignore)
        text "description of events" 40 SampleFiles.events (fun file ->
            (MedsDataset.ofFile file).Status None |> ignore)
        text "description of a baseline" 50 SampleFiles.baseline (ExternalBaseline.read >> ignore)
        {
            text "cached cohort" 50 cohort readCohort with
                Damage = Mutation.binaryFile
        }
        {
            text "description of a study" 50 id (StudyFile.read >> ignore) with
                Write = study
        }
        {
            text "cell under a checksum that holds" 100 id (fun file ->
                Store.read (folder (folder file)) |> ignore) with
                Write =
                    ofRun (fun finished -> Array.min (Directory.GetFiles(RunFolder.cells finished, "*.json")))
                Damage = damageSealed
        }
        {
            text "plan under a checksum that holds" 40 id (folder >> PlanFile.read >> ignore) with
                Write = ofRun RunFolder.plan
                Damage = damageSealed
        }
        {
            text "cell for a worker" 50 id readWork with
                Write = work
        }
    ]
