"""The questionnaires: what PCA finds in them, and how the real one is made."""

import gzip

from restoration.explore.pca import Pca, chance_shares
from restoration.explore.questionnaires import personality_questionnaire, synthetic_questionnaire
from restoration.explore.sets import __main__ as making
from restoration.explore.tables import read_table


def test_the_made_up_one_has_the_four_traits_it_was_made_with():
    text = synthetic_questionnaire(1000)
    assert text == synthetic_questionnaire(1000)
    assert text != synthetic_questionnaire(1000, seed=1)
    table = read_table(text.encode())
    assert len(table.columns) + 1 == 49
    assert "made-up" in text.splitlines()[0]
    assert len(table.data.label_names) == 3
    shares = Pca(table.data.images, 10).shares
    assert shares[3] > 3 * shares[4]  # four axes stand out
    assert (shares > chance_shares(table.data.images)[:10]).sum() == 4


def test_the_real_one_has_five_axes_that_stand_out():
    table = read_table(personality_questionnaire().encode())
    assert table.data.images.shape == (2000, 50)
    assert table.class_column == "self-rated health"
    assert table.data.label_names == making.HEALTH[1:]
    assert not table.left_out
    shares = Pca(table.data.images, 10).shares
    assert shares[4] > 1.9 * shares[5]
    assert shares[5] < 1.1 * shares[6]
    assert shares[4] > 2 * chance_shares(table.data.images)[0]


def test_the_real_one_is_made_of_its_source(tmp_path):
    items = [
        ",q_1,Like order.,IPIP,reg,Consc,",
        ",q_2,Tell lies.,EPQ:P,reg,Agree,",
        ',q_3,"Laugh, a lot.",IPIP,reg,Agree,',
    ]
    (tmp_path / "spi.dictionary.csv").write_text("\n".join([",item_id,item,item_scale,resp_type,B5,L27", *items]))
    (tmp_path / "spi.csv").write_text(",health,q_1,q_2,q_3\n1,2.0,5,6,1\n2,,1,1,1\n3,5.0,4,3,2\n")
    made = gzip.decompress(making.write_personality(tmp_path, tmp_path).read_bytes()).decode()
    assert made.splitlines() == [
        'self-rated health,"Laugh, a lot.",Like order.',
        "2 fair,1,5",
        "5 excellent,2,4",
    ]
