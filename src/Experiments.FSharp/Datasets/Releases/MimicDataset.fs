namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Runtime

/// How MIMIC-IV is read.
type MimicOptions = {
    Task: MimicTask
    /// Hours from admission to prediction; of no matter at discharge.
    Hour: int
    /// Test on patients of the latest period and train on those before.
    InTime: bool
}

/// MIMIC-IV from its official folders `hosp`, `icu` and (of MIMIC-IV-Note) `note`.
module MimicDataset =
    /// Raised by every change that alters the cohort that equal files give.
    let private readerVersion = 1

    let private defaultHour = 24

    let private demo: DataRequirement = {
        Name = "mimic-iv-demo"
        Title = "MIMIC-IV Clinical Database Demo 2.2"
        Licence = Licence.openDatabase
        Source = "https://physionet.org/content/mimic-iv-demo/2.2/"
        Files = [
            ClinicalTable.alternatives MimicAdmissions.patientTable
            ClinicalTable.alternatives MimicAdmissions.admissionTable
        ]
    }

    let private full = {
        demo with
            Name = "mimic-iv"
            Title = "MIMIC-IV 2.2 or 3.1"
            Licence = Licence.credentialed
            Source = "https://physionet.org/content/mimiciv/"
    }

    let private located folder name =
        match ClinicalTable.tryLocate folder name with
        | Some path -> path
        | None -> invalidOp $"{name} was there when the folder was looked at."

    let private load (release: DataRequirement) (options: MimicOptions) name (access: DataAccess) =
        let folder = DataRoot.status access.Root release |> DatasetStatus.require
        let scans = MimicTables.scans options.Task.AtDischarge
        let patients = located folder MimicAdmissions.patientTable
        let admissions = located folder MimicAdmissions.admissionTable
        let paths = patients :: admissions :: EventCohort.files folder scans
        let label = $"mimic-iv {readerVersion} {release.Name} {options}"

        PreparedCohort.load access name [ label ] paths (fun hashes ->
            let rows, discharges =
                MimicAdmissions.rows options.Task options.Hour patients admissions

            EventCohort.prepare
                folder
                scans
                discharges
                (fun _ -> [], [])
                options.InTime
                rows
                (CohortCache.key (label :: hashes)))
        |> RecordedDemographics.add None

    let private variants (release: DataRequirement) = [
        let plain = {
            Task = HospitalDeath
            Hour = defaultHour
            InTime = false
        }

        release.Name, plain
        release.Name + "-readmission", { plain with Task = EarlyReadmission }

        release.Name + "-muse",
        {
            plain with
                Task = DeathAfterDischarge
        }

        release.Name + "-muse-readmission",
        {
            plain with
                Task = ReadmissionAfterDischarge
        }
    ]

    let private dataset (release: DataRequirement) name options : Dataset = {
        Name = name
        Title = release.Title
        Licence = release.Licence
        Source = Some release.Source
        Status = fun root -> DataRoot.status root release
        Load = load release options name
        Division = Own
    }

    /// The demo ("mimic-iv-demo") and the full database ("mimic-iv"): death in hospital; "-readmission" within 15 days;
    /// "-muse" and "-muse-readmission": as in the protocol of MUSE.
    let all = [
        for release in [ demo; full ] do
            for name, options in variants release -> dataset release name options
    ]

    /// With options in the name. Raises InputException for options that do not exist.
    let tryFind (name: string) =
        ReleaseName.tryFind [ demo; full ] variants name
        |> Option.map (fun (release, options, parsed) ->
            if options.Task.AtDischarge && parsed.Hour.IsSome then
                raise (
                    InputException
                        $"Data set '{name}' predicts at discharge; leave @hour out, or choose {release.Name}@hour:{parsed.Hour.Value}."
                )

            dataset release name {
                options with
                    Hour = Option.defaultValue options.Hour parsed.Hour
                    InTime = parsed.InTime
            })
