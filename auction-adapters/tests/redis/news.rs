//! What nodes tell each other while all is well.

use super::node::{Node, auction, inbox, person};
use super::server::Server;
use super::support::{block_on, block_on_one_thread, until};
use auction_core::ports::NewsSender;

#[test]
fn a_node_hears_what_others_tell_and_not_itself() {
    block_on(async {
        let server = Server::start();
        let (ann, ben) = (Node::start(&server).await, Node::start(&server).await);
        let told = [person(3), auction(1, 7), inbox(2)];
        ann.news.tell(&told);
        ben.ears.hear(inbox(2)).await;
        assert_eq!(ben.ears.heard(), told);
        // What one connection hears comes in order: had she heard herself, it would stand before this.
        ben.news.tell(&[inbox(9)]);
        ann.ears.hear(inbox(9)).await;
        assert_eq!(ann.ears.heard(), [inbox(9)]);
        assert_eq!((ann.ears.missed(), ben.ears.missed()), (1, 1));
        until("it is counted", async || ann.meters.count("told sent") == 3).await;
        until("it is counted", async || ben.meters.count("heard passed_on") == 3).await;
        assert!(ann.meters.is_up("tell") && ann.meters.is_up("hear"));
    });
}

#[test]
fn more_than_one_message_carries_is_heard_as_well() {
    block_on(async {
        let server = Server::start();
        let (ann, ben) = (Node::start(&server).await, Node::start(&server).await);
        let told: Vec<_> = (1..=5_000).map(|number| auction(number, 1)).collect();
        ann.news.tell(&told);
        until("all are heard", async || ben.ears.heard().len() == told.len()).await;
        let mut heard = ben.ears.heard();
        heard.sort_by_key(|one| told.iter().position(|other| other == one));
        assert_eq!(heard, told);
    });
}

#[test]
fn a_node_that_closes_has_told_all() {
    block_on_one_thread(async {
        let server = Server::start();
        let (ann, ben) = (Node::start(&server).await, Node::start(&server).await);
        ann.news.tell(&[inbox(1)]);
        // The first is being sent now, and the second waits for it.
        tokio::task::yield_now().await;
        ann.news.tell(&[inbox(2)]);
        ann.news.close().await;
        ben.ears.hear(inbox(2)).await;
        ann.news.tell(&[inbox(3)]);
        ann.news.close().await;
        assert_eq!(ben.ears.heard(), [inbox(1), inbox(2)]);
    });
}

#[test]
fn what_others_write_to_the_channel_does_no_harm() {
    block_on(async {
        let server = Server::start();
        let (ann, ben) = (Node::start(&server).await, Node::start(&server).await);
        let mut stranger = server.stranger().await;
        let garbage = [vec![], vec![1], vec![2; 40], b"hello".to_vec(), vec![255; 1 << 20], vec![1; 17 + 10]];
        for message in &garbage {
            let mut call = redis::cmd("PUBLISH");
            let hearers: u32 =
                call.arg("auction:news").arg(message).query_async(&mut stranger).await.unwrap();
            assert_eq!(hearers, 2);
        }
        ann.news.tell(&[inbox(1)]);
        ben.ears.hear(inbox(1)).await;
        assert_eq!((ben.ears.heard(), ben.ears.missed()), (vec![inbox(1)], 1));
        assert_eq!(ben.meters.count("heard ignored"), u64::try_from(garbage.len()).unwrap());
    });
}
