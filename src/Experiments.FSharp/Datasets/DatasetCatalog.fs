namespace CausalDebiasing.Bench.Datasets

module DatasetCatalog =
    let private physioNet2012 (sets: ChallengeSet list) : Dataset =
        let requirement = PhysioNet2012Files.requirement sets

        {
            Name = PhysioNet2012.nameOf sets
            Title = requirement.Title
            Licence = requirement.Licence
            Source = Some requirement.Source
            Status = fun root -> DataRoot.status root requirement
            Load =
                fun access ->
                    PhysioNet2012.load access {
                        PhysioNet2012.defaults with
                            Sets = sets
                    }
            Division = Own
        }

    /// Those that are known by name.
    let all =
        List.map physioNet2012 [ [ A ]; [ B ]; [ C ]; [ A; B; C ] ]
        @ [ ManifestDataset.heartUci ]
        @ YaibDataset.eicuDemos
        @ EicuDataset.all
        @ MimicDataset.all

    let names = all |> List.map _.Name

    /// A manifest, or the description of a folder of events or of OMOP. Raises InputException when it cannot be read.
    let ofFile path =
        OmopFolder.refuseArchive path

        if MedsDescription.isIn path then MedsDataset.ofFile path
        elif OmopDescription.isIn path then OmopDataset.ofFile path
        else ManifestDataset.ofFile path

    /// The data set of a name in the sense of `DatasetName`. Raises InputException for a manifest that cannot be read.
    let tryFind (name: string) : Dataset option =
        let basis, division = DatasetName.parse name

        all
        |> List.tryFind (fun dataset -> dataset.Name = basis)
        |> Option.orElseWith (fun () -> EicuDataset.tryFind basis)
        |> Option.orElseWith (fun () -> MimicDataset.tryFind basis)
        |> Option.orElseWith (fun () ->
            let isManifest = basis.EndsWith(".json", System.StringComparison.OrdinalIgnoreCase)

            if isManifest || TableFile.isNamedTable basis && System.IO.File.Exists basis then
                Some(ofFile basis)
            else
                YaibDataset.tryFolder basis
                |> Option.orElseWith (fun () -> OmopDataset.tryFind basis)
                |> Option.orElseWith (fun () -> MedsDataset.tryFind basis)
                |> Option.orElseWith (fun () ->
                    basis.Split '@' |> Array.head |> OmopFolder.refuseNear
                    None))
        |> Option.map (fun dataset -> {
            dataset with
                Name = name
                Division = division
        })
