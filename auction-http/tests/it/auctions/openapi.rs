//! The description of the calls.

use auction_http::auctions::{AuctionRoom, router};
use serde_json::Value;

#[test]
fn every_call_is_described_with_every_status() {
    let (_, api) = router::<AuctionRoom>().split_for_parts();
    let api: Value = serde_json::from_str(&api.to_json().unwrap()).unwrap();
    let paths = api["paths"].as_object().unwrap();
    let calls: Vec<_> = paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, call)| (path, method, call))
        })
        .collect();
    assert_eq!(calls.len(), 29);
    for (path, method, call) in calls {
        assert!(path.ends_with('/'), "{path}");
        assert!(call["summary"].is_string(), "{method} {path}");
        let statuses: Vec<_> = call["responses"].as_object().unwrap().keys().map(String::as_str).collect();
        for status in ["400", "401", "404", "429", "500", "503"] {
            assert!(statuses.contains(&status), "{method} {path} {status}");
        }
        if method != "get" {
            for status in ["403", "409", "413", "415", "422"] {
                assert!(statuses.contains(&status), "{method} {path} {status}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let (_, api) = router::<AuctionRoom>().split_for_parts();
    let text = api.to_json().unwrap();
    let api: Value = serde_json::from_str(&text).unwrap();
    let schemas = api["components"]["schemas"].as_object().unwrap();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
    for name in ["Auction", "Bid", "BidAnswer", "Problem"] {
        assert!(schemas.contains_key(name), "{name}: {:?}", schemas.keys());
    }
}
