namespace CausalDebiasing.Bench.Worlds

open MathNet.Numerics
open MathNet.Numerics.Distributions
open CausalDebiasing.Bench.Conditions

/// How the hidden kinds of a Hospital world go with the outcome. A kind is a number; a continuous practice's is its value.
module HospitalPractice =
    /// Half the log odds ratio of two kinds and the outcome in each training hospital at kappa = 1.
    let links = [| 0.15; 0.45; 0.7; 0.95; 1.3 |]

    /// The same for the hospital of that number, 0 to 4, or wherever the condition says so.
    let link condition kappa hospital =
        match condition with
        | InDistribution -> kappa * links[hospital % links.Length]
        | Interventional -> 0.
        | Reversed -> -0.95 * kappa

    let private spacing = 0.4

    /// The kinds by number; a continuous practice's on a grid.
    let levels setting =
        match setting.Hidden with
        | Nothing -> [| 0. |]
        | Wards count -> Array.init count float
        | TwoPractices -> [| 0.; 1.; 2.; 3. |]
        | Continuous -> Array.init 29 (fun i -> spacing * float (i - 14))
        | Subtype -> [| 0.; 1. |]

    let private sign isSecond = if isSecond then 1. else -1.

    /// A kind's place between -1 and 1 (beyond, if continuous); of two practices that of the first.
    let place setting level =
        match setting.Hidden with
        | Nothing -> 0.
        | Wards count -> 2. * level / float (count - 1) - 1.
        | TwoPractices -> sign (int level % 2 = 1)
        | Continuous -> level
        | Subtype -> sign (level = 1.)

    /// P(kind | y) in the hospital of that number, in the order of the levels; of a subtype just P(kind).
    let law setting condition kappa hospital isPositive =
        let y = sign isPositive
        let link hospital = link condition kappa hospital
        let weight link place = exp (link * y * place)

        let weights =
            levels setting
            |> Array.map (fun level ->
                match setting.Hidden with
                | Nothing -> 1.
                | Wards _ -> weight (link hospital) (place setting level)
                | TwoPractices ->
                    weight (link hospital) (place setting level)
                    * weight (link (links.Length - 1 - hospital % links.Length)) (sign (level >= 2.))
                | Continuous -> Normal.PDF(y * link hospital, 1., level)
                | Subtype ->
                    if level = 1. then
                        HospitalModel.subtypeShare
                    else
                        1. - HospitalModel.subtypeShare)

        let total = Array.sum weights
        weights |> Array.map (fun w -> w / total)

    /// The kind of a patient, out of a uniform number.
    let draw setting condition kappa hospital isPositive u =
        match setting.Hidden with
        | Continuous ->
            sign isPositive * link condition kappa hospital
            + Normal.InvCDF(0., 1., max 1e-12 u)
        | _ ->
            let law = law setting condition kappa hospital isPositive
            let sums = law |> Array.scan (+) 0. |> Array.tail

            levels setting
            |> Array.item (min (law.Length - 1) (sums |> Array.filter (fun s -> s <= u) |> Array.length))

    /// P(kind, y = 0) and P(kind, y = 1) given the state of patient i, in the order of the levels.
    let joint model condition kappa groups states =
        let setting = model.Setting
        let levels = levels setting

        let laws =
            Array.init (Array.length groups) (fun hospital ->
                law setting condition kappa hospital false, law setting condition kappa hospital true)

        fun i ->
            let logit = HospitalModel.outcomeLogit model groups states i
            let group = states.Groups[i]
            let negative, positive = laws[group]

            Array.init levels.Length (fun k ->
                let own =
                    match setting.Hidden with
                    | Subtype -> HospitalModel.subtypeLogit groups[group] levels[k]
                    | _ -> 0.

                let risk = SpecialFunctions.Logistic(logit + own)
                struct ((1. - risk) * negative[k], risk * positive[k]))
