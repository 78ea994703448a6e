namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Catalogue

/// Where the methods of a run come from, as far as their metadata say.
module BaselineSource =
    let private known =
        lazy
            (Map [
                for baseline in
                    BaselineCatalog.Discover typeof<CausalDebiasing.Baselines.ZeroFillMlp>.Assembly ->
                    baseline.Info.Id, baseline.Info
            ])

    /// What is known of a baseline; None of one that is a program of its own.
    let tryFind id = Map.tryFind id known.Value

    /// Name, year and paper of a baseline in a few words.
    let cite id =
        match tryFind id with
        | None -> $"{id} (a program of its own)"
        | Some info ->
            let source =
                [
                    if info.Paper <> "" then
                        info.Paper
                    elif info.Year > 0 then
                        string info.Year
                ]
                |> String.concat ""

            if source = "" then
                $"{id} ({info.Title})"
            else
                $"{id} ({info.Title}, {source})"

    let private arXiv = "arXiv:"

    let private entry (key: string) (title: string) year (paper: string) note =
        let fields = [
            "title", $"{{{LatexTable.escape title}}}"
            if year > 0 then
                "year", string<int> year
            if paper.StartsWith(arXiv, StringComparison.Ordinal) then
                "eprint", paper.Substring arXiv.Length
                "archiveprefix", "arXiv"
            else
                "howpublished", LatexTable.escape paper
            if note <> "" then
                "note", LatexTable.escape note
        ]

        [
            $"@misc{{{key},"
            for name, value in fields do
                $"  {name} = {{{value}}},"
            "}\n"
        ]
        |> String.concat "\n"

    let private examined =
        entry
            "examined"
            "Causal Debiasing Medical Multimodal Representation Learning with Missing Modalities"
            2025
            "arXiv:2509.05615"
            "the paper whose abstract the suite examines"

    /// BibTeX of the paper that is examined and of the baselines with these ids. Metadata hold the name of a method, its year and where
    /// it was published, and neither authors nor a paper's title, which is said; what has no source is a comment.
    let bibTex (ids: string list) =
        [
            "% Made of the baselines' metadata, which hold a method's name, year and place: add authors and the paper's title.\n"
            examined
            for id in ids |> List.distinct |> List.sort do
                match tryFind id with
                | Some info when info.Paper <> "" ->
                    entry id info.Title info.Year info.Paper "name of the method, not of the paper"
                | Some info -> $"%% {id} ({info.Title}): no paper is named.\n"
                | None -> $"%% {id}: a program of its own, whose description names no paper.\n"
        ]
        |> String.concat "\n"
