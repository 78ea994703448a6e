namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Evidence
open Giraffe.ViewEngine

/// The section on claims: verdict, numbers and test of each.
module ReportClaims =
    open ReportParts

    let private findingText (finding: Finding) =
        let signed = NumberText.signed
        let bound = Option.map signed >> Option.defaultValue "-"

        let p =
            finding.P
            |> Option.map (fun p -> $"p {NumberText.pValue p}")
            |> Option.defaultValue "no test"

        let counts =
            [ finding.Seeds, "seed"; finding.Baselines, "baseline"; finding.Units, "pair" ]
            |> List.map (fun (count, word) -> plural count word)
            |> String.concat ", "

        $"Effect {signed finding.Estimate}, 95 %% interval [{bound finding.CiLow}, {bound finding.CiHigh}], {p}; "
        + $"{counts} of baseline and setting."

    let private claimBlock (judgement: Judgement) =
        let verdict = Verdict.name judgement.Verdict

        let origin =
            match judgement.Claim.Origin with
            | Paper -> "the paper's claim"
            | Ours -> "our claim"

        div [ _class "claim" ] [
            p [] [
                span [ _class $"badge {verdict}" ] [ str (verdict.Replace('-', ' ')) ]
                str " "
                strong [] [ str judgement.Claim.Hypothesis ]
                str $" ({origin})"
            ]
            match judgement.Finding with
            | Some finding -> p [] [ str (findingText finding) ]
            | None -> p [] [ str "The results hold no runs that this claim is about." ]
            p [ _class "small" ] [ str $"Test {judgement.Claim.Id}: {Claims.test judgement.Claim}." ]
        ]

    /// Claims about what was run, then the others, folded.
    let render (judgements: Judgement list) =
        let judged, others =
            judgements |> List.partition (fun judgement -> judgement.Verdict <> NotTested)

        section "claims" "Claims" [
            p [] [
                str
                    "Each claim is a test whose threshold was fixed beforehand. Effects are differences in AUROC unless the test says otherwise."
            ]
            yield! List.map claimBlock judged
            if not others.IsEmpty then
                details [] [
                    summary [] [ str $"""{plural others.Length "claim"} about settings that were not run""" ]
                    yield! List.map claimBlock others
                ]
        ]
