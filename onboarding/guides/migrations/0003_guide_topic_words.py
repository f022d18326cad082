"""What a guide is about, and the words that people look for it with."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guides', '0002_scenes_boxes_and_sources'),
    ]

    operations = [
        migrations.AddField(
            model_name='guide',
            name='topic',
            field=models.SlugField(blank=True, help_text='a code of content/topics.yaml', max_length=20),
        ),
        migrations.AddField(
            model_name='guide',
            name='words',
            field=models.JSONField(blank=True, default=list, help_text='what people type when they look for it'),
        ),
    ]
