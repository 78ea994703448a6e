namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open System.Reflection
open CausalDebiasing.Runtime

/// A manifest as a data set.
module ManifestDataset =
    /// Raised by every change that alters the cohort that equal files give.
    let private readerVersion = 2

    let private title (manifest: Manifest) =
        manifest.Title |> Option.defaultValue manifest.Name

    let private licence (manifest: Manifest) =
        manifest.Licence |> Option.defaultValue "licence not stated"

    /// The paths of the files and of the linked files as the manifest writes them, each with where it is, or Error with the
    /// first that is not there.
    let private locate beside (root: string option) (manifest: Manifest) =
        let folders = List.choose id [ beside; root ]

        let find (path: string) =
            folders
            |> List.map (fun folder -> Path.Combine(folder, path))
            |> List.tryFind File.Exists

        let wanted =
            (manifest.Files |> List.map _.Path)
            @ (Manifest.linked manifest |> List.map (fun (_, linked) -> linked.File))

        let found = wanted |> List.map (fun path -> path, find path)

        match found |> List.tryFind (snd >> Option.isNone) with
        | Some(file, _) -> Error file
        | None -> Ok(found |> List.map (fun (path, there) -> path, Option.get there))

    let private absence name beside (root: string option) (manifest: Manifest) file =
        let places =
            [
                beside
                |> Option.map (fun folder -> $"beside the manifest ({Path.GetFullPath folder})")
                match root with
                | Some root -> Some $"under {root}"
                | None -> Some "under a data root, which is not given"
            ]
            |> List.choose id
            |> String.concat " or "

        let remedy =
            match manifest.Source with
            | Some source -> $"get '{title manifest}' ({licence manifest}) from {source} and put it there"
            | None -> "put it there or correct 'files'"

        $"Data set '{name}' is not present: {file} is not {places}; {remedy}, or name the folder by {DataRoot.optionName} or {DataRoot.variable}."

    let private status name beside manifest root =
        match locate beside root manifest with
        | Error file -> Absent(absence name beside root manifest file)
        | Ok files ->
            files
            |> List.map (fun (_, path) -> Path.GetDirectoryName(Path.GetFullPath path))
            |> List.choose Option.ofObj
            |> List.distinct
            |> String.concat ", "
            |> Present

    let private load name where beside (manifest: Manifest) (access: DataAccess) =
        match locate beside access.Root manifest with
        | Error file -> raise (InputException(absence name beside access.Root manifest file))
        | Ok files ->
            let version = $"manifest {readerVersion}"
            let text = Manifest.content manifest

            // Subgroups are cached with the cohort, and are no part of its content.
            let whole =
                if manifest.Subgroups.IsNone then
                    text
                else
                    Manifest.write manifest

            let paths = files |> List.map snd

            PreparedCohort.load access manifest.Name [ version; whole ] paths (fun hashes ->
                let located = dict files

                let table =
                    manifest.Files
                    |> List.map (fun file -> file, located[file.Path])
                    |> ManifestRows.read where manifest

                ManifestCohort.prepare
                    where
                    manifest
                    table
                    (fun path -> located[path])
                    (CohortCache.key (version :: text :: hashes)))

    let private dataset name where beside (manifest: Manifest) : Dataset = {
        Name = name
        Title = title manifest
        Licence = licence manifest
        Source = manifest.Source
        Status = status name beside manifest
        Load = load name where beside manifest
        Division = Own
    }

    /// The manifest in the file, as a data set named by the path. Raises InputException when it cannot be read or
    /// contradicts itself.
    let ofFile (path: string) : Dataset =
        dataset path path (Some(FileName.folderOf path)) (Manifest.read path)

    /// UCI heart disease (Detrano et al., American Journal of Cardiology 64:304-310, 1989) at its four hospitals, whose files
    /// ship beside the program; the manifest is the shipped example. Outcome: a coronary artery narrowed by more than half.
    let heartUci: Dataset =
        let name = "heart-uci"

        match Assembly.GetExecutingAssembly().GetManifestResourceStream $"{name}.json" with
        | null -> invalidOp $"The assembly lacks {name}.json."
        | stream ->
            use reader = new StreamReader(stream)

            dataset
                name
                $"{name}.json"
                (Some AppContext.BaseDirectory)
                (Manifest.parse $"{name}.json" (reader.ReadToEnd()))
