namespace CausalDebiasing.Bench.Datasets

open System.IO
open CausalDebiasing.Runtime

/// How the YAIB cohort of the eICU demo is read.
type EicuDemoYaibOptions = {
    Representation: Representation
    Site: EicuSite
}

/// Cohorts in the form that YAIB (van de Water et al., ICLR 2024) exports for MIMIC-III and -IV, eICU, HiRID and
/// AUMCdb.
module YaibDataset =
    /// Raised by every change that alters the cohort that equal files give.
    let private readerVersion = 1

    let private load
        (access: DataAccess)
        name
        options
        folder
        files
        others
        (facts: unit -> int64 -> StayFacts)
        =
        let paths = YaibFiles.all files @ others

        PreparedCohort.load access name [ $"yaib {readerVersion} {name} {options}" ] paths (fun hashes ->
            YaibCohort.prepare
                options
                folder
                files
                (facts ())
                (CohortCache.key ($"yaib {readerVersion} {options}" :: hashes)))
        |> RecordedDemographics.add None

    let private cohortFolder = "eicu-demo-yaib"

    let private cohortRequirement = {
        Name = cohortFolder
        Title = "eICU demo as a YAIB cohort"
        Licence = Licence.openDatabase
        Source = "https://github.com/rvandewater/YAIB-cohorts"
        Files = YaibFiles.needed
    }

    let private status root =
        match DataRoot.status root cohortRequirement, DataRoot.status root EicuPatients.demo with
        | Present folder, Present _ -> Present folder
        | Absent reason, _
        | _, Absent reason -> Absent reason

    let private folder root requirement =
        DataRoot.status root requirement |> DatasetStatus.require

    /// The cohort with death in hospital as outcome, which comes from the official table `patient` as do patient and
    /// site; the labels of the cohort's own task are not used. Raises InputException.
    let loadEicuDemo (access: DataAccess) name options =
        let cohort = folder access.Root cohortRequirement
        let tables = folder access.Root EicuPatients.demo

        match YaibFiles.tryLocate cohort with
        | None ->
            raise (InputException $"{cohort}: dyn, sta or outc is not there; restore the exported files.")
        | Some files ->
            let patients, hospitals = EicuPatients.files tables

            load access name options.Representation cohort files [ patients; hospitals ] (fun () ->
                EicuPatients.find (EicuPatients.read options.Site tables))

    let private eicuDemoDataset name options : Dataset = {
        Name = name
        Title = cohortRequirement.Title
        Licence = cohortRequirement.Licence
        Source = Some cohortRequirement.Source
        Status = status
        Load = fun access -> loadEicuDemo access name options
        Division = Own
    }

    /// The eICU demo: "eicu-demo-yaib" as summaries by region, "-hourly" as hourly series by region, "-hospitals" as
    /// summaries by hospital.
    let eicuDemos = [
        eicuDemoDataset cohortFolder {
            Representation = Summary
            Site = Region
        }
        eicuDemoDataset (cohortFolder + "-hourly") {
            Representation = Hourly
            Site = Region
        }
        eicuDemoDataset (cohortFolder + "-hospitals") {
            Representation = Summary
            Site = Hospital
        }
    ]

    let private loadFolder (path: string) name files access =
        load access name Summary path files [] (fun () ->
            let outcomes = YaibFiles.readOutcomes files.Outcomes

            fun stay -> {
                Patient = $"%019d{stay}"
                Site = "all"
                Outcome =
                    match outcomes.TryGetValue stay with
                    | true, outcome -> outcome
                    | _ -> None
            })

    /// A folder with dyn, sta and outc of a task with one 0/1 label per stay; every stay is a patient of its own, all
    /// at one site. None when the folder does not hold the three tables.
    let tryFolder (path: string) : Dataset option =
        let name =
            match Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath path)) with
            | null
            | "" -> "cohort"
            | name -> name

        YaibFiles.tryLocate path
        |> Option.map (fun files -> {
            Name = path
            Title = $"YAIB cohort {name}"
            Licence = "licence of its database"
            Source = None
            Status = fun _ -> Present path
            Load = loadFolder path name files
            Division = Own
        })
