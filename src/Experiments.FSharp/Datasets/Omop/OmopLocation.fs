namespace CausalDebiasing.Bench.Datasets

/// Where all is on this machine that a description names.
type OmopLocation = {
    Folder: OmopFolder
    /// Files of labels, or of the task.
    Asked: string list
}

module OmopLocation =
    /// Where all is; `beside` is the folder of the description. Error says what is not there.
    let find beside (root: string option) (description: OmopDescription) =
        let folders = beside :: Option.toList root

        match
            DescribedFolder.among folders description.Omop
            |> List.tryPick OmopFolder.tryOpen
        with
        | None ->
            Error
                $"no table person or visit_occurrence (csv, csv.gz or Parquet) is in {description.Omop} in {DescribedFolder.listed folders}; correct 'omop', or name the folder above it by {DataRoot.optionName} or {DataRoot.variable}"
        | Some folder ->
            let find = DescribedFolder.find beside folder.Path

            match OmopDescription.goal description with
            | OfStays _ -> Ok { Folder = folder; Asked = [] }
            | OfTask task -> find task |> Result.map (fun path -> { Folder = folder; Asked = [ path ] })
            | OfLabels labels ->
                match find labels |> Result.map MedsFolder.filesOf with
                | Error reason -> Error reason
                | Ok [] -> Error $"no Parquet file of labels is in {labels}; put one there"
                | Ok files -> Ok { Folder = folder; Asked = files }
