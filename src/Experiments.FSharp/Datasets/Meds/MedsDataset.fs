namespace CausalDebiasing.Bench.Datasets

open System.IO

/// A folder in the Medical Event Data Standard as a data set, by a description or by its path.
module MedsDataset =
    /// Raised by every change that alters the cohort that equal files give.
    let private readerVersion = 1

    let private prepare (description: MedsDescription) (located: MedsLocation) contentHash =
        use session = new DuckSession()
        let task = located.Task |> Option.map AcesTaskFile.read
        let site = MedsLocation.site located.Folder description

        let further =
            (site |> Option.bind _.Column |> Option.toList)
            @ (task |> Option.map AcesMoments.columns |> Option.defaultValue [])
            |> List.distinct

        let splits =
            match description.Split with
            | Some "random" -> None
            | _ -> located.Folder.Splits

        MedsEvents.guarded located.Folder (fun () ->
            let names = Option.defaultValue Map.empty description.Columns
            MedsEvents.createView session located.Folder names further

            let where =
                match task with
                | Some task ->
                    MedsLabels.ofTask session task
                    task.File
                | None ->
                    MedsLabels.ofFiles session located.Labels
                    located.Labels.Head

            let modalities =
                description.Modalities
                |> Option.map (fun modalities -> [ for pair in modalities -> pair.Key, pair.Value ])

            MedsCohort.prepare where session site modalities splits contentHash)

    let private load description access (located: MedsLocation) =
        let version = $"meds {readerVersion}"
        let text = MedsDescription.write description
        let folder = located.Folder

        let paths =
            folder.Events
            @ located.Labels
            @ List.choose id [ located.Task; folder.Splits; folder.Metadata ]

        PreparedCohort.load access description.Name [ version; text ] paths (fun hashes ->
            prepare description located (CohortCache.key (version :: text :: hashes)))

    let private dataset name beside (description: MedsDescription) =
        DescribedFolder.dataset {
            Name = name
            Title = description.Title |> Option.defaultValue description.Name
            Licence = description.Licence
            Locate = fun root -> MedsLocation.find beside root description
            FolderOf = _.Folder.Path
            Load = load description
        }

    /// The description in the file, as a data set named by the path. Raises InputException when it cannot be read or contradicts
    /// itself.
    let ofFile (path: string) =
        dataset path (FileName.folderOf path) (MedsDescription.parse path (File.ReadAllText path))

    /// A folder of the standard, also FOLDER@labels:FILE and FOLDER@task:FILE.yaml. None when there is no such folder. Raises
    /// InputException for a folder that keeps its events elsewhere than the standard.
    let tryFind (name: string) : Dataset option =
        let folder, labels, task = DescribedFolder.parseName name

        if not (Directory.Exists folder) then
            None
        elif (MedsFolder.tryOpen folder MedsFolder.standardEvents).IsSome then
            let described = {
                MedsDescription.ofFolder folder with
                    Labels = labels
                    Task = task
            }

            Some(dataset name "." described)
        elif labels.IsSome || task.IsSome || not (MedsLocation.strayEvents folder).IsEmpty then
            TableError.refuse
                folder
                $"no Parquet files of events are in its folder {MedsFolder.standardEvents}, where the standard has them"
                $"write a description of what is where by 'data init {folder}'"
        else
            None
