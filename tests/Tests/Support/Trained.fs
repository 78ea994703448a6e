module CausalDebiasing.Tests.Support.Trained

open Expecto
open CausalDebiasing.Bench.Cli.Commands

/// Tests that fit something, one after another; the verb "matrix" runs them under several settings, so that their fits take
/// their seeds from Toy.seed.
let tests name (cases: Test list) =
    testSequenced (testList $"{name} {Matrix.mark}" cases)
