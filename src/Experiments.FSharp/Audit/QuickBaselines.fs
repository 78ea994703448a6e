/// The baselines that the audit compares with and without the add-on.
module CausalDebiasing.Bench.Audit.QuickBaselines

open CausalDebiasing.Baselines
open CausalDebiasing.Catalogue

let logistic = "logistic"

let all = [ logistic; "zero-fill-mlp" ]

let private discovered = lazy BaselineCatalog.Discover typeof<ZeroFillMlp>.Assembly

/// A new one, with its default hyper-parameters.
let create id =
    BaselineCatalog.Find(discovered.Value, id).Create()
