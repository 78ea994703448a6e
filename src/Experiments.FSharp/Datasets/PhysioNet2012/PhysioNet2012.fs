namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.IO
open System.Text
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// Which stays are read and in which shape.
type PhysioNet2012Options = {
    /// By default only A, so that results do not depend on which sets a user happens to have.
    Sets: ChallengeSet list
    Representation: Representation
}

/// The PhysioNet/CinC Challenge 2012 (Silva et al., Computing in Cardiology 39:245-248, 2012): first 48 hours of
/// adult ICU stays, outcome in-hospital death, site = ICU type. A row is a stay, identified by its RecordID.
module PhysioNet2012 =
    let name = (PhysioNet2012Files.requirement []).Name

    let defaults = {
        Sets = [ A ]
        Representation = Summary
    }

    /// Raised by every change that alters the cohort that equal files give.
    let private readerVersion = 1

    /// The data set of the sets: "physionet2012" is A alone, "physionet2012-b", "-c" and "-abc" are named by letter.
    let nameOf (sets: ChallengeSet list) =
        match List.sort sets with
        | [ A ] -> name
        | sets -> name + "-" + String.concat "" [ for set in sets -> set.Letter ]

    let private siteNames = [| "CCU"; "CSRU"; "MICU"; "SICU" |]

    type private Row = {
        Id: int64
        Site: int
        Label: float32
        Blocks: float32[][]
        Mask: bool[]
        Implausible: int
    }

    let private readOutcomes path =
        try
            File.ReadAllBytes path
        with
        | :? IOException
        | :? UnauthorizedAccessException ->
            raise (InputException $"{path} cannot be read; check that it exists and its permissions.")

    /// Rows, number of records without a known outcome, and the contents' hashes.
    let private readSet representation files =
        let outcomeName = PhysioNet2012Files.nameOf files.Outcomes
        let outcomeBytes = readOutcomes files.Outcomes

        let outcomes =
            PhysioNet2012Outcomes.parse outcomeName (Encoding.UTF8.GetString outcomeBytes)

        let rows = List<Row>()
        let hashes = SortedDictionary<string, string>(StringComparer.Ordinal)
        let found = HashSet<int64>()

        PhysioNet2012Files.iterate files.Records (fun record bytes ->
            hashes.Add(record, Sha256.ofBytes bytes)

            let stay = PhysioNet2012Record.parse record (Encoding.UTF8.GetString bytes)

            found.Add stay.RecordId |> ignore

            match Map.tryFind stay.RecordId outcomes with
            | None ->
                raise (
                    InputException
                        $"{record} has no row in {outcomeName}; add it or remove the record's file."
                )
            | Some { Death = None } -> ()
            | Some { Death = Some death } ->
                let blocks, mask = PhysioNet2012Features.ofStay representation stay

                rows.Add {
                    Id = stay.RecordId
                    Site = stay.IcuType - 1
                    Label = if death then 1f else 0f
                    Blocks = blocks
                    Mask = mask
                    Implausible = stay.Implausible
                })

        outcomes
        |> Seq.tryFind (fun pair -> not (found.Contains pair.Key))
        |> Option.iter (fun pair ->
            raise (
                InputException(
                    $"{outcomeName}, line {pair.Value.Line}: the record has no file in "
                    + $"{PhysioNet2012Files.nameOf files.Records}; restore the file or remove the row."
                )
            ))

        List.ofSeq rows,
        found.Count - rows.Count,
        Sha256.ofBytes outcomeBytes
        :: [ for pair in hashes -> $"{pair.Key} {pair.Value}" ]

    let private checkUsable folder (cohort: Cohort) =
        let patients = cohort.Patients.ToArray()

        if (Array.distinct patients).Length < patients.Length then
            raise (InputException $"{folder}: two sets hold the same record; restore the official files.")

        if not (CohortAssembly.hasBothOutcomes (cohort.Labels.ToArray())) then
            raise (
                InputException(
                    $"{folder}: the {cohort.Count} stays with a known outcome do not have both outcomes in column "
                    + "In-hospital_death of Outcomes-*.txt; nothing can be learnt from one class, restore the file."
                )
            )

        match CohortAssembly.tryNeverObserved cohort with
        | Some modality ->
            let needed =
                PhysioNet2012Parameters.series
                |> List.find (fst >> (=) modality.Name)
                |> snd
                |> List.map _.Name
                |> String.concat ", "

            raise (
                InputException(
                    $"{folder}: modality '{modality.Name}' is never observed; at least one record must have a row "
                    + $"of {needed}: restore the official files."
                )
            )
        | None -> ()

    let private assemble representation (rows: Row list) =
        let rows = rows |> List.sortBy _.Id |> Array.ofList
        let modalities = PhysioNet2012Features.modalities representation |> Array.ofList

        Cohort(
            modalities,
            modalities |> Array.mapi (fun m _ -> rows |> Array.collect _.Blocks[m]),
            rows |> Array.collect _.Mask,
            rows |> Array.map _.Label,
            rows |> Array.map _.Site,
            siteNames,
            rows |> Array.map _.Id
        )

    let private build folder options =
        let parts =
            options.Sets
            |> List.map (PhysioNet2012Files.locate folder >> readSet options.Representation)

        let rows = parts |> List.collect (fun (rows, _, _) -> rows)
        let cohort = assemble options.Representation rows
        checkUsable folder cohort

        {
            Cohort = cohort
            Exclusions = [
                {
                    Reason = "outcome unknown"
                    Rows = parts |> List.sumBy (fun (_, dropped, _) -> dropped)
                }
            ]
            Absent = []
            ImplausibleValues = rows |> List.sumBy _.Implausible
            Split = None
            Groups = []
            ContentHash =
                CohortCache.key (string readerVersion :: (parts |> List.collect (fun (_, _, h) -> h)))
        }

    /// Whether the files of the sets are under the root.
    let status root sets =
        DataRoot.status root (PhysioNet2012Files.requirement sets)

    /// Reads the sets, from the cache when files and options are as they were. Stays whose outcome is unknown are
    /// left out and counted on the card. Raises InputException when files are missing or malformed, when all
    /// outcomes are equal, and when a modality is never observed.
    let load (access: DataAccess) options : LoadedCohort =
        let sets = options.Sets |> List.distinct |> List.sort

        let folder = status access.Root sets |> DatasetStatus.require
        let inputs = [ $"{name} {readerVersion} {options.Representation}" ]

        let paths =
            sets
            |> List.collect (PhysioNet2012Files.locate folder >> PhysioNet2012Files.all)

        PreparedCohort.load access (nameOf sets) inputs paths (fun _ ->
            build folder { options with Sets = sets })
        |> RecordedDemographics.add None
