"""Dates of the demonstration: all move together, and a reduced price is on whenever somebody looks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.demo.stories import KEYS, calendar_of, read_story

STORIES = [read_story(key) for key in KEYS]
DAYS = [datetime(2026, 11, 21, 0, 5, tzinfo=UTC), datetime(2031, 2, 28, 23, 59, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=UTC)]


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_the_newest_post_is_of_yesterday_whatever_today_is(now: datetime) -> None:
    calendar = calendar_of(STORIES, now)
    dates = sorted(calendar.at(post["published_at"]) for story in STORIES for post in story.posts)
    assert dates[-1].date() == now.date() - timedelta(days=1)
    assert dates[-1] < now


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_every_sale_is_on_and_keeps_its_length(now: datetime) -> None:
    calendar = calendar_of(STORIES, now)
    sales = [variant["sale"] for story in STORIES for product in story.products for variant in product["variants"] if variant["sale"]]
    assert len(sales) == 10
    for sale in sales:
        since, until = calendar.period(sale["from"], sale["until"])
        assert since <= now < until
        assert until - since == datetime.fromisoformat(sale["until"]) - datetime.fromisoformat(sale["from"])


def test_days_move_as_moments_do() -> None:
    calendar = calendar_of(STORIES, datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert calendar.shift == timedelta(days=24)
    assert calendar.day("2026-12-01") == date(2026, 12, 25)
    assert calendar.day(None) is None
