namespace CausalDebiasing.Bench.Datasets

open System.IO

/// A folder in the OMOP Common Data Model as a data set, by a description or by its path.
module OmopDataset =
    /// Raised by every change that alters the cohort that equal files give.
    let private readerVersion = 1

    /// The description without the names of files, whose contents count.
    let private content description =
        let unnamed = Option.map (fun _ -> "file")

        OmopDescription.write {
            description with
                Name = ""
                Title = None
                Licence = None
                Omop = ""
                Labels = unnamed description.Labels
                Task = unnamed description.Task
        }

    let private load description access (located: OmopLocation) =
        let label = $"omop {readerVersion}"
        let text = content description

        let tables =
            [
                yield! OmopRecords.tables
                for table, _, _ in OmopEvents.tables do
                    table

                match OmopDescription.goal description with
                | OfTask _ -> OmopRecords.vocabulary
                | _ -> ()
            ]
            |> List.collect (fun table ->
                OmopFolder.files located.Folder table |> List.map (fun path -> table, path))

        // Which file is of which table counts, too.
        let roles = tables |> List.map fst |> String.concat " "

        PreparedCohort.load
            access
            description.Name
            [ label; text; roles ]
            (List.map snd tables @ located.Asked)
            (fun hashes ->
                OmopCohort.prepare description located (CohortCache.key (label :: text :: roles :: hashes)))

    let private dataset name beside (description: OmopDescription) =
        DescribedFolder.dataset {
            Name = name
            Title = description.Title |> Option.defaultValue $"OMOP CDM folder {description.Name}"
            Licence = description.Licence
            Locate = fun root -> OmopLocation.find beside root description
            FolderOf = _.Folder.Path
            Load = load description
        }

    /// The description in the file, as a data set named by the path. Raises InputException when it cannot be read or contradicts
    /// itself.
    let ofFile (path: string) =
        dataset path (FileName.folderOf path) (OmopDescription.parse path (File.ReadAllText path))

    /// A folder of OMOP, also with options; see `OmopName`. None when there is no such folder. Raises InputException for an archive,
    /// and for options that do not exist.
    let tryFind (name: string) : Dataset option =
        name.Split '@' |> Array.head |> OmopFolder.refuseArchive
        OmopName.tryParse name |> Option.map (dataset name ".")
