namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic
open System.IO
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// How eICU is read.
type EicuOptions = {
    Task: EicuTask
    Site: EicuSite
    /// Hours from admission to the unit to prediction.
    Hour: int
    /// Train on patients discharged in 2014 and test on those of 2015.
    InTime: bool
    /// Also the series of a YAIB cohort of the same stays, up to the same hour.
    WithYaib: bool
}

/// The eICU Collaborative Research Database (Pollard et al., Scientific Data 5:180178, 2018) from its official tables.
module EicuDataset =
    /// Raised by every change that alters the cohort that equal files give.
    let private readerVersion = 2

    /// Hours from admission to the unit to prediction, unless the name says otherwise.
    let private defaultHour = 24

    let private demo = EicuPatients.demo

    let private full = {
        demo with
            Name = "eicu"
            Title = "eICU Collaborative Research Database 2.0"
            Licence = Licence.credentialed
            Source = "https://physionet.org/content/eicu-crd/2.0/"
    }

    let private yaibFolder root = Path.Combine(root, "eicu-demo-yaib")

    let private yaib hour files (rows: CohortRow[]) =
        let stays = YaibFiles.readStatic files.Static
        let series = YaibFiles.readDynamic files.Dynamic hour stays
        let found = rows |> Array.map (fun row -> series row.Key.Key)
        let starts = YaibVariables.series |> List.scan (fun at (_, ps) -> at + ps.Length) 0

        [
            for start, (name, parameters) in
                List.zip (List.truncate YaibVariables.series.Length starts) YaibVariables.series do
                let groups =
                    found
                    |> Array.map (fun stay -> stay.Series[start .. start + parameters.Length - 1])

                {
                    Modality = SeriesFeatures.modality Summary hour $"yaib-{name}" parameters
                    Values = groups |> Array.collect (SeriesFeatures.block Summary hour parameters)
                    Observed = groups |> Array.map SeriesFeatures.isObserved
                    Implausible = 0
                }
        ],
        []

    let private load (release: DataRequirement) (options: EicuOptions) name (access: DataAccess) =
        let folder = DataRoot.status access.Root release |> DatasetStatus.require
        let scans = EicuTables.scans options.Hour

        let cohort =
            if options.WithYaib then
                YaibFiles.tryLocate (yaibFolder (Path.Combine(folder, "..")))
            else
                None

        let patients, hospitals = EicuPatients.files folder

        let paths = [
            patients
            hospitals
            yield! EventCohort.files folder scans
            match cohort with
            | Some files -> yield! YaibFiles.all files
            | None -> ()
        ]

        let label = $"eicu {readerVersion} {release.Name} {options}"

        PreparedCohort.load access name [ label ] paths (fun hashes ->
            let others rows =
                let late =
                    if options.Hour < EicuTables.apacheHour then
                        [
                            $"apache: known from hour {EicuTables.apacheHour}, after the prediction time"
                        ]
                    else
                        []

                match cohort with
                | Some files ->
                    let modalities, absent = yaib options.Hour files rows
                    modalities, late @ absent
                | None -> [], late

            EventCohort.prepare
                folder
                scans
                [||]
                others
                options.InTime
                (EicuStays.rows options.Site options.Task options.Hour folder)
                (CohortCache.key (label :: hashes)))
        |> RecordedDemographics.add (Some EicuStays.ethnicity)

    let private status (release: DataRequirement) withYaib root =
        match DataRoot.status root release with
        | Present folder when withYaib ->
            let cohort = yaibFolder (Path.Combine(folder, ".."))

            if (YaibFiles.tryLocate cohort).IsSome then
                Present folder
            else
                Absent
                    $"Data set 'eicu-demo-yaib' is not present: {cohort} lacks dyn, sta or outc; export them from YAIB."
        | status -> status

    let private variants (release: DataRequirement) = [
        let plain = {
            Task = HospitalMortality
            Site = Region
            Hour = defaultHour
            InTime = false
            WithYaib = false
        }

        release.Name, plain
        release.Name + "-readmission", { plain with Task = IcuReadmission }
        release.Name + "-hospitals", { plain with Site = Hospital }

        if release.Name = demo.Name then
            release.Name + "-with-yaib", { plain with WithYaib = true }
    ]

    let private dataset (release: DataRequirement) name options : Dataset = {
        Name = name
        Title = release.Title
        Licence = release.Licence
        Source = Some release.Source
        Status = status release options.WithYaib
        Load = load release options name
        Division = Own
    }

    /// The demo ("eicu-demo") and the full database ("eicu"): death in hospital by region; "-readmission" to the ICU;
    /// "-hospitals" with hospitals as sites; "eicu-demo-with-yaib" with the series of "eicu-demo-yaib".
    let all = [
        for release in [ demo; full ] do
            for name, options in variants release -> dataset release name options
    ]

    /// With options in the name. Raises InputException for options that do not exist.
    let tryFind (name: string) =
        ReleaseName.tryFind [ demo; full ] variants name
        |> Option.map (fun (release, options, parsed) ->
            dataset release name {
                options with
                    Hour = Option.defaultValue options.Hour parsed.Hour
                    InTime = parsed.InTime
            })
