//! Exit codes and help.

use crate::support::{Ran, replay, server};

const LOG: &str = "auction,bidder,amount,at\na,x,5,1\n";

/// What was said about a command line that makes no sense.
fn usage(ran: &Ran) -> &str {
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    &ran.stderr
}

#[test]
fn an_unknown_subcommand_is_a_usage_error() {
    let ran = server(&["reply"]);
    assert!(usage(&ran).contains("Usage: auction-server"), "{ran:?}");
}

#[test]
fn the_example_in_the_help_gives_the_result_in_the_help() {
    let help = server(&["replay", "--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    for column in [
        "auction",
        "bidder",
        "amount",
        "at",
        "kind",
        "quantity",
        "start_price",
        "reserve",
        "starts_at",
        "ends_at",
    ] {
        assert!(help.stdout.contains(&format!("\n  {column} ")), "{column}");
    }
    let (_, example) = help.stdout.split_once("$ cat bids.csv\n").expect("an example");
    let (log, rest) = example.split_once("$ auction-server replay bids.csv ").expect("its command");
    let (options, result) = rest.split_once('\n').expect("its result");
    let unindented = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let ran = replay(&unindented(log), &options.split(' ').collect::<Vec<_>>());
    assert_eq!(ran.stdout.trim_end(), unindented(result).trim_end());
}

#[test]
fn a_replay_goes_through_the_layers_that_its_help_names() {
    assert!(usage(&replay(LOG, &["--through", "magic"])).contains("[possible values: core, server]"));
    let core = replay(LOG, &["--through", "core"]);
    assert_eq!(core.results().len(), 1);
    assert_eq!(replay(LOG, &["--through", "server"]).results(), core.results());
    let help = server(&["replay", "--help"]).stdout;
    let through =
        help.split_once("--through").expect("the option").1.split_once("--refusals").expect("the next").0;
    assert!(through.contains("core") && through.contains("server"), "{through}");
}

#[test]
fn options_that_make_no_sense_are_usage_errors() {
    let options = [
        ["--increments", "ebay"],
        ["--increments", "fixed"],
        ["--increments", "fixed:-1"],
        ["--increments", "fixed:0.00"],
        ["--increments", "fixed:0.001"],
        ["--increments", "percent:0"],
        ["--first-bid", "highest"],
        ["--leader-raise", "moves"],
        ["--closing", "reset:0"],
        ["--closing", "reset:604801"],
        ["--closing", "add:60"],
        ["--closing", "candle"],
        ["--currency", "usd"],
        ["--currency", "XAU"],
        ["--quantity", "2"],
    ];
    for option in options {
        assert!(usage(&replay(LOG, &option)).starts_with("error: "), "{option:?}");
    }
    assert!(usage(&server(&["replay"])).contains("BIDS.csv"));
}
