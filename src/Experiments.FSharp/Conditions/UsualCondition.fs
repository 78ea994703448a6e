/// The numbers of a condition where nothing else is asked for.
module CausalDebiasing.Bench.Conditions.UsualCondition

let missingRate = 0.3
let mechanismStrength = 0.5
let confounding = 0.7
let signal = 1.
